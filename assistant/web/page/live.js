// One socket to the session. It is opened again whenever it ends, unless this device has to be paired first.

import { hello, isOverLan, letIn, refused, socketAddress } from "./pair.js";

const FIRST_MS = 300;
const LONGEST_MS = 5000;
const MANY = 1008; // the server's word for: more messages than a person can send

export function connect(onMessage, onChange) {
  let socket = null;
  let wait = FIRST_MS;

  function open() {
    const first = hello(open);
    if (first === null) return;
    const mine = new WebSocket(socketAddress("live"));
    socket = mine;
    mine.onopen = () => {
      wait = FIRST_MS;
      if (isOverLan) mine.send(JSON.stringify(first));
      else onChange(true);
    };
    mine.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (!message.paired) return onMessage(message);
      letIn(message);
      onChange(true);
    };
    mine.onclose = (event) => {
      if (refused(event.code)) return open();
      onChange(false);
      setTimeout(open, event.code === MANY ? LONGEST_MS : wait);
      wait = Math.min(wait * 2, LONGEST_MS);
    };
  }

  open();
  return (message) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
}
