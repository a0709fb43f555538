// The captcha's alternative: started by a person, done in a worker, ended with the page or by another captcha.
import { useEffect, useState } from "react";
import type { Captcha } from "../../api/types";

export interface Work { state: "idle" | "running" | "done" | "failed"; percent: number; answer: string | null }

const IDLE: Work = { state: "idle", percent: 0, answer: null };

export function useWork(captcha: Captcha | undefined, wanted: boolean): Work {
  const [work, setWork] = useState<Work>(IDLE);
  useEffect(() => {
    setWork(IDLE);
    if (!captcha || !wanted) return;
    const { challenge, difficulty } = captcha.work;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    setWork({ state: "running", percent: 0, answer: null });
    worker.addEventListener("message", ({ data }: MessageEvent<{ found?: number; tried?: number }>) => {
      if (data.found !== undefined) setWork({ state: "done", percent: 100, answer: String(data.found) });
      else setWork({ state: "running", percent: likely(data.tried ?? 0, difficulty), answer: null });
    });
    worker.addEventListener("error", () => setWork({ state: "failed", percent: 0, answer: null }));
    worker.postMessage({ challenge, difficulty });
    return () => worker.terminate();
  }, [captcha, wanted]);
  return work;
}

/** How likely an answer is found after so many tries, percent: luck has no better measure. */
export function likely(tried: number, difficulty: number): number {
  return Math.min(99, Math.round(100 * (1 - Math.exp(-tried / 2 ** difficulty))));
}
