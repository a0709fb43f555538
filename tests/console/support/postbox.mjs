// Mail servers that are not ours: each takes every mail, and gives it back decoded.
import { startMaildev, startMailServer } from "./programs.mjs";

/**
 * Starts it on a free port; `mailTo(address)` ends when there is one that was not given back yet, the oldest first; with `holds` the
 * oldest whose text has that in it.
 */
export async function openPostbox() {
  const mails = [];
  const server = await startMailServer((mail) => mails.push(mail));
  const take = (address, holds) => {
    const index = mails.findIndex(({ to, text }) => to.includes(address) && holds.test(text));
    return index < 0 ? null : mails.splice(index, 1)[0];
  };
  return postbox(server, take, () => mails);
}

/** The same with maildev, whose mails are read on a page, too: `page` is where a browser finds it. */
export async function openMaildev() {
  const server = await startMaildev();
  const given = new Set();
  let mails = [];
  const take = async (address, holds) => {
    const all = await (await fetch(`${server.url}/email`)).json();
    mails = all.filter(({ id }) => !given.has(id)).map(({ id, to, subject, text }) => (
      { id, to: to.map((one) => one.address), subject, text, page: `${server.url}/email/${id}/html` }
    ));
    const found = mails.find(({ to, text }) => to.includes(address) && holds.test(text)) ?? null;
    if (found) given.add(found.id);
    return found;
  };
  return postbox(server, take, () => mails);
}

function postbox(server, take, rest) {
  return {
    port: server.port,
    mailTo: async (address, { holds = /(?:)/, milliseconds = 60_000 } = {}) => {
      for (const end = Date.now() + milliseconds; Date.now() < end;) {
        const found = await take(address, holds);
        if (found) return found;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`no mail to ${address} came that holds ${holds}; others: ${rest().map(({ to, subject }) => `${to}: ${subject}`).join(", ")}`);
    },
    close: server.stop,
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
