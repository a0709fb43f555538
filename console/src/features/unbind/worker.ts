// Does the work beside the page, so that the page stays alive.
import { tryNumbers } from "./work";

const AT_ONCE = 5_000;

self.addEventListener("message", ({ data }: MessageEvent<{ challenge: string; difficulty: number }>) => {
  for (let from = 0; ; from += AT_ONCE) {
    const found = tryNumbers(data.challenge, data.difficulty, from, AT_ONCE);
    if (found !== null) {
      self.postMessage({ found });
      return;
    }
    self.postMessage({ tried: from + AT_ONCE });
  }
});
