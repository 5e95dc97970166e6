// One socket to the session. It is opened again whenever it ends, unless this device has to be paired first. A network
// may vanish without ending it: then nothing is heard, and what is sent waits in the browser. That counts as its end.

import { hello, isOverLan, letIn, refused, socketAddress } from "./pair.js";

const FIRST_MS = 300;
const LONGEST_MS = 5000;
const QUIET_MS = 6000; // the server says something every 2 s; chosen
const HOLDS = ["stop", "pause"]; // late is better than never
const MANY = 1008; // the server's word for: more messages than a person can send

export function connect(onMessage, onChange) {
  let socket = null;
  let wait = FIRST_MS;
  let quiet = 0;
  let kept = null; // what holds the session, until the server is heard again: it is said anew to the next socket

  function open() {
    const first = hello(open);
    if (first === null) return;
    const mine = new WebSocket(socketAddress("live"));
    socket = mine;
    expect(mine);
    mine.onopen = () => {
      wait = FIRST_MS;
      if (isOverLan) mine.send(JSON.stringify(first));
      else isIn();
    };
    mine.onmessage = (event) => {
      expect(mine);
      const message = JSON.parse(event.data);
      if (message.paired) {
        letIn(message);
        return isIn();
      }
      kept = null;
      if (!message.alive) onMessage(message);
    };
    mine.onclose = (event) => {
      clearTimeout(quiet);
      if (refused(event.code)) return open();
      again(event.code);
    };
  }

  function isIn() {
    onChange(true);
    if (kept) socket.send(JSON.stringify(kept));
  }

  // A socket that is dead ends late, and its end is not waited for.
  function expect(mine) {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      mine.onopen = mine.onmessage = mine.onclose = null;
      mine.close();
      again();
    }, QUIET_MS);
  }

  function again(code) {
    socket = null;
    onChange(false);
    setTimeout(open, code === MANY ? LONGEST_MS : wait);
    wait = Math.min(wait * 2, LONGEST_MS);
  }

  open();
  return (message) => {
    if (HOLDS.includes(message.say)) kept = message;
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
}
