// `socket.io-client` with a pipe on each side: a JSON line in is an event to send, one out is an event heard.
//
//   node socket_io_client.mjs URL '{"transports":["websocket"]}'
//   {"event":"join_room","data":{"room":"general"},"ack":1}

import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, options] = process.argv.slice(2);
const socket = io(url, JSON.parse(options ?? "{}"));
const tell = (frame) => process.stdout.write(`${JSON.stringify(frame)}\n`);

// `onAny` does not receive the events of the library itself.
socket.on("connect", () => tell({ event: "connect", data: socket.io.engine.transport.name }));
socket.on("connect_error", (error) => tell({ event: "connect_error", data: { message: error.message, data: error.data } }));
socket.on("disconnect", (reason) => tell({ event: "disconnect", data: reason }));
socket.onAny((event, data) => tell({ event, data }));

for await (const line of createInterface({ input: process.stdin })) {
  const { event, data, ack } = JSON.parse(line);
  if (ack === undefined) socket.emit(event, data);
  else socket.emit(event, data, (answer) => tell({ ack, data: answer }));
}
socket.disconnect();
// A poll that is under way would keep the script alive until the next ping.
setTimeout(() => process.exit(), 500).unref();
