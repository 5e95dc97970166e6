// In the audio thread: plays what was sent ahead, sample by sample, and counts. Positions are samples at 24,000 Hz.

const FADE = 120; // 5 ms, as the session's own player fades
const RAMP = 48;
const REPORT = 480;
const ENOUGH = 2400; // 0.1 s, half of what is sent ahead: with less it would run dry again at once
const LONGEST_LACK = 24000; // a longer one is an outage: the session waits for it instead of leaving it out

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.blocks = [];
    this.at = 0; // the next sample to play
    this.dry = 0; // samples for which nothing was there
    this.lacked = 0;
    this.turn = 0; // of the message that told where to begin
    this.hasPlayed = false;
    this.isWaiting = true;
    this.quietFrom = 0; // a hush: it fades from here and is silent until the other
    this.quietTo = 0;
    this.unreported = 0;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(message) {
    if (message.pcm) this.blocks.push(message);
    else if (message.hush !== undefined) this.hush(message.hush);
    else {
      this.blocks = []; // another session, or another page had the sound
      this.at = message.at;
      this.turn = message.turn;
      this.lacked = this.dry = 0;
      this.hasPlayed = false;
      this.isWaiting = true;
    }
  }

  // What was sent before this position must not sound; the 5 ms after it are the end of what sounded.
  hush(before) {
    if (before <= this.at) return;
    if (this.at >= this.quietTo) this.quietFrom = this.at;
    this.quietTo = before + FADE;
  }

  gain(at) {
    if (at >= this.quietTo + RAMP) return 1;
    if (at >= this.quietTo) return (at - this.quietTo) / RAMP;
    return Math.max(0, 1 - (at - this.quietFrom) / FADE);
  }

  process(_, [[out]]) {
    let filled = 0;
    if (this.isWaiting && this.blocks.length) {
      const last = this.blocks[this.blocks.length - 1];
      this.isWaiting = last.at + last.pcm.length < this.at + ENOUGH;
    }
    while (!this.isWaiting && filled < out.length && this.blocks.length) {
      const { at, pcm } = this.blocks[0];
      if (at > this.at) this.at = at;
      const end = at + pcm.length;
      if (this.at < end && this.dry) this.count();
      while (this.at < end && filled < out.length) {
        out[filled++] = (pcm[this.at - at] / 32768) * (this.quietTo ? this.gain(this.at) : 1);
        this.at++;
      }
      if (this.at >= end) this.blocks.shift();
    }
    if (filled) this.hasPlayed = true;
    if (filled < out.length) this.isWaiting = true;
    if (this.hasPlayed) this.dry += out.length - filled;
    this.unreported += out.length;
    if (this.unreported >= REPORT) {
      this.unreported -= REPORT;
      this.port.postMessage({ played: this.at, lacked: this.lacked, turn: this.turn });
    }
    return true;
  }

  // Sound is there again after nothing was.
  count() {
    if (this.dry < LONGEST_LACK) this.lacked += this.dry;
    this.dry = 0;
  }
}

registerProcessor("player", Player);
