// A server of somebody else's that the platform tells things to over HTTP.
import { createServer } from "node:http";

/** Opens one that keeps what it is told, and answers with `answer.status`. */
export async function openReceiver() {
  const told = [];
  const answer = { status: 204 };
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      told.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { told, answer, url: `http://127.0.0.1:${server.address().port}/hook`, close };
}
