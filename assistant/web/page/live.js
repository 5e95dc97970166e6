// One socket to the session of this machine. It is opened again whenever it ends.

const FIRST_MS = 300;
const LONGEST_MS = 5000;
const MANY = 1008; // the server's word for: more messages than a person can send

export function connect(onMessage, onChange) {
  let socket = null;
  let wait = FIRST_MS;

  function open() {
    const mine = new WebSocket(`ws://${location.host}/live`);
    socket = mine;
    mine.onopen = () => {
      wait = FIRST_MS;
      onChange(true);
    };
    mine.onmessage = (event) => onMessage(JSON.parse(event.data));
    mine.onclose = (event) => {
      onChange(false);
      setTimeout(open, event.code === MANY ? LONGEST_MS : wait);
      wait = Math.min(wait * 2, LONGEST_MS);
    };
  }

  open();
  return (message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
}
