// The page as microphone and loudspeaker of the session. Sound comes down ahead of time, with its positions; what the
// microphone hears goes up in blocks of 20 ms, each with the number of samples that were played by then.

import { greeting, socketAddress } from "./pair.js";

const PLAY_HZ = 24000;
const HIGHEST_HZ = 96000; // of a microphone, for the server
const AGAIN_MS = 250;
const IDLE_MS = 30; // without a block of the microphone: the count of played samples goes up alone
const MOST_WAITING = 100000; // bytes, a second: what the network holds back longer is stale
const TAKEN = [4011, 4012]; // the server's words for: another page has the sound
const UNPAIRED = 4001; // and for: this device is not paired any more
const GONE_MS = 60000; // a server that is away for so long is given up, and the microphone closed; chosen
const WANTED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
const WORDS = {
  denied: "The browser was not allowed to use the microphone. Allow it beside the page's address.",
  insecure: "The browser gives no microphone to this page: it needs HTTPS, or a page of this machine.",
  none: "The browser found no microphone. Plug one in.",
  unplugged: "The microphone is gone. Plug it in again.",
  stopped: "The browser has stopped the sound.",
};

export function makeSound(show) {
  let stream = ""; // names a player: the server tells another one where to begin
  let [socket, playing, player, hearing, media] = [null, null, null, null, null];
  let microphone = null;
  let problem = "";
  let [isOpen, isTaking, isOurs, isElsewhere] = [false, false, false, false];
  let [played, lacked, number, turn, sentAt_ms] = [0, 0, 0, 0, 0];
  let [lock, opening, finding, gone] = [null, null, null, null];
  let search = 0; // for a microphone: what an older one still finds is closed
  let dark = ""; // why the screen may go dark

  // Pressed twice it opens once.
  const open = () => (opening ??= (isOpen ? take() : openAll()).finally(() => (opening = null)));

  async function openAll() {
    isOpen = true;
    try {
      await openPlayer();
      await openMicrophone();
      if (!isOpen) return; // the session is over meanwhile
      await keepAwake();
      navigator.mediaDevices?.addEventListener("devicechange", again);
      if (isOpen) await take();
    } catch (error) {
      close();
      throw error;
    }
  }

  async function openPlayer() {
    playing = new AudioContext({ sampleRate: PLAY_HZ, latencyHint: "interactive" });
    playing.onstatechange = stateChanged;
    await playing.audioWorklet.addModule("sound-player.js");
    stream = crypto.randomUUID?.() ?? String(Math.random());
    player = new AudioWorkletNode(playing, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    player.port.onmessage = ({ data }) => report(data);
    player.connect(playing.destination);
    await playing.resume();
  }

  function close() {
    if (!isOpen) return;
    isOpen = isOurs = isElsewhere = false;
    navigator.mediaDevices?.removeEventListener("devicechange", again);
    closeMicrophone("");
    serverIsThere();
    if (playing) playing.onstatechange = null;
    playing?.close();
    socket?.close();
    lock?.release();
    lock = socket = playing = player = null;
    show("", false);
  }

  // One search at a time, however many ask.
  function openMicrophone() {
    if (finding) return finding;
    const mine = findMicrophone().finally(() => {
      if (finding === mine) finding = null;
    });
    return (finding = mine);
  }

  async function findMicrophone() {
    closeMicrophone("");
    const mine = search;
    if (!navigator.mediaDevices) return (problem = "insecure");
    let found;
    try {
      found = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
    } catch (error) {
      if (mine === search) problem = error.name === "NotAllowedError" ? "denied" : "none";
      return;
    }
    if (mine !== search) return found.getTracks().forEach((one) => one.stop()); // the session is over meanwhile
    media = found;
    try {
      await hear(mine);
    } catch {
      if (mine === search) closeMicrophone("stopped"); // told in words, as where a phone stops it later
    }
  }

  async function hear(mine) {
    const [track] = media.getAudioTracks();
    track.onended = () => {
      closeMicrophone("unplugged");
      told();
    };
    hearing = new AudioContext();
    if (hearing.sampleRate > HIGHEST_HZ) {
      hearing.close();
      hearing = new AudioContext({ sampleRate: HIGHEST_HZ / 2 });
    }
    hearing.onstatechange = stateChanged;
    await hearing.audioWorklet.addModule("sound-ear.js");
    if (mine !== search) return;
    const ear = new AudioWorkletNode(hearing, "ear", { channelCount: 1, channelCountMode: "explicit", numberOfOutputs: 0 });
    ear.port.onmessage = ({ data }) => send(data);
    hearing.createMediaStreamSource(media).connect(ear);
    await hearing.resume();
    if (mine !== search) return;
    const set = track.getSettings();
    const cancels_echo = Boolean(set.echoCancellation || set.noiseSuppression || set.autoGainControl);
    microphone = { name: track.label.slice(0, 100), rate_hz: hearing.sampleRate, cancels_echo };
  }

  function closeMicrophone(why) {
    problem = why;
    microphone = finding = null;
    search++;
    for (const track of media?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    if (hearing) hearing.onstatechange = null;
    hearing?.close();
    media = hearing = null;
  }

  // A microphone was plugged in or out: look again where there is none.
  async function again() {
    if (microphone || !isOpen || isElsewhere || problem === "denied") return;
    await openMicrophone();
    told();
  }

  // The person asks for the sound here: a microphone that was missing is asked for again.
  async function take() {
    isElsewhere = false;
    await playing.resume();
    if (!microphone) await openMicrophone();
    if (isOurs) return told();
    if (!isOpen) return;
    isTaking = true;
    await new Promise((done) => connect(done));
  }

  function connect(done = () => {}) {
    gone ??= setTimeout(close, GONE_MS);
    const mine = new WebSocket(socketAddress("sound"));
    mine.binaryType = "arraybuffer";
    socket = mine;
    number = 0;
    mine.onopen = () => {
      if (mine !== socket) return;
      if (greeting()) mine.send(greeting());
      mine.send(state());
    };
    mine.onmessage = ({ data }) => {
      if (mine !== socket) return;
      if (data instanceof ArrayBuffer) {
        player.port.postMessage({ at: new DataView(data).getUint32(0, true), pcm: new Int16Array(data, 4) });
        return;
      }
      const message = JSON.parse(data);
      if (message.paired) return;
      if (message.hush !== undefined) return player.port.postMessage(message);
      begin(message);
      done();
    };
    mine.onclose = ({ code }) => {
      done();
      if (mine !== socket) return;
      isOurs = false;
      if (code === UNPAIRED) return close();
      if (TAKEN.includes(code)) return lose();
      if (isOpen) setTimeout(() => isOpen && mine === socket && connect(), AGAIN_MS);
    };
  }

  // The microphone is off here until somebody asks for the sound on this page.
  function lose() {
    isElsewhere = true;
    serverIsThere();
    closeMicrophone("");
    show("Another page has the microphone and the voice.", true);
  }

  function serverIsThere() {
    clearTimeout(gone);
    gone = null;
  }

  function begin({ at, goes_on }) {
    serverIsThere();
    isTaking = false;
    isOurs = true;
    if (!goes_on) {
      turn++;
      [played, lacked] = [at, 0];
      player.port.postMessage({ at, turn });
    }
    played = Math.max(played, at);
    tellWords();
  }

  function report(found) {
    if (found.turn !== turn) return;
    played = Math.max(played, found.played);
    lacked = found.lacked;
    if (performance.now() - sentAt_ms > IDLE_MS) send(new Int16Array(0));
  }

  function send(block) {
    if (!isOurs || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MOST_WAITING) return;
    if (block.length && !microphone) return;
    const frame = new ArrayBuffer(12 + 2 * block.length);
    const head = new DataView(frame);
    head.setUint32(0, number++, true);
    head.setUint32(4, played, true);
    head.setUint32(8, lacked, true);
    new Int16Array(frame, 12).set(block);
    socket.send(frame);
    sentAt_ms = performance.now();
  }

  const state = () =>
    JSON.stringify({ stream, played, takes: isTaking, microphone, problem, is_hidden: document.hidden });

  function told() {
    if (isOurs && socket.readyState === WebSocket.OPEN) socket.send(state());
    tellWords();
  }

  function tellWords() {
    if (isOurs) show(WORDS[problem] ?? dark, problem !== "");
  }

  // A phone takes the sound away from a page that is hidden, or for a call.
  function stateChanged() {
    if (!isOpen) return;
    const isStopped = [playing, hearing].some((one) => one && one.state !== "running");
    if (isStopped && microphone) {
      closeMicrophone("stopped");
      told();
    } else if (!isStopped && problem === "stopped") openMicrophone().then(told);
  }

  async function shown() {
    if (!isOpen) return;
    told();
    if (document.hidden) return;
    keepAwake();
    await playing.resume();
    if (problem === "stopped") openMicrophone().then(told);
  }

  async function keepAwake() {
    if (!navigator.wakeLock || document.hidden) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      dark = "";
    } catch {
      dark = "This browser lets the screen go dark: set it to stay on.";
    }
  }

  document.addEventListener("visibilitychange", shown);
  return { open, close, isOpen: () => isOpen };
}
