// A mail server of one's own: takes every mail, and gives it back decoded.
import { createServer } from "node:net";

/** Starts it on a free port; `mailTo(address)` ends when there is one that was not given back yet, the oldest first. */
export async function openPostbox() {
  const mails = [];
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    talk(socket, (mail) => mails.push(mail));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const take = (address) => {
    const index = mails.findIndex(({ receivers }) => receivers.includes(address));
    return index < 0 ? null : mails.splice(index, 1)[0];
  };
  return {
    port: server.address().port,
    mailTo: async (address, milliseconds = 20_000) => {
      for (const end = Date.now() + milliseconds; Date.now() < end;) {
        const found = take(address);
        if (found) return found;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`no mail to ${address} came`);
    },
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

/** The settings for it, as `PUT /mail_settings` takes them. */
export const settingsOf = ({ port }) => ({
  host: "127.0.0.1", port, security: "none", user_name: null, password: null, certificate: null, sender_name: "Keller Security",
  sender_address: "post@keller.example", language: "en",
});

/** The first address in a mail that has `part` in it. */
export function linkIn({ text }, part) {
  const found = text.match(/https?:\/\/\S+/g)?.find((address) => address.includes(part));
  if (!found) throw new Error(`no link with ${part} in ${text}`);
  return found;
}

/** Speaks as much SMTP as a sender needs. */
function talk(socket, arrived) {
  let read = "";
  let receivers = [];
  let inMail = false;
  socket.write("220 postbox.example\r\n");
  socket.on("data", (bytes) => {
    read += bytes.toString("latin1");
    for (;;) {
      const mark = inMail ? "\r\n.\r\n" : "\r\n";
      const end = read.indexOf(mark);
      if (end < 0) return;
      const piece = read.slice(0, end);
      read = read.slice(end + mark.length);
      if (inMail) {
        inMail = false;
        arrived({ receivers, text: textOf(piece.replaceAll("\r\n..", "\r\n.")) });
        receivers = [];
        socket.write("250 taken\r\n");
        continue;
      }
      const word = piece.slice(0, 4).toUpperCase();
      if (word === "RCPT") receivers.push(/<([^>]+)>/.exec(piece)?.[1] ?? "");
      if (word === "DATA") inMail = true;
      socket.write(word === "DATA" ? "354 go on\r\n" : word === "QUIT" ? "221 bye\r\n" : "250 postbox.example\r\n");
    }
  });
}

/** The plain text of a mail. */
function textOf(mail) {
  const [head, ...rest] = mail.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const headers = head.replaceAll(/\r\n[ \t]+/g, " ");
  const boundary = /^content-type: multipart\/[^\r\n]*boundary="?([^";\r\n]+)/im.exec(headers)?.[1];
  if (boundary) {
    const parts = body.split(`--${boundary}`).slice(1).map((part) => part.replace(/^\r\n/, ""));
    return textOf(parts.find((part) => /^content-type: (text\/plain|multipart\/)/im.test(part.split("\r\n\r\n")[0])) ?? "");
  }
  const coding = /^content-transfer-encoding: *(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  if (coding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (coding !== "quoted-printable") return Buffer.from(body, "latin1").toString("utf8");
  const bytes = body.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
