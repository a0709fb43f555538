// A captcha as a form holds it: it serves one try; after each answer of the server a new one is fetched.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Captcha } from "../../api/types";
import { useWork } from "./useWork";

/** `create` fetches another one, kept under `key` for as long as the form is there. */
export function useCaptcha(key: string, create: () => Promise<Captcha>) {
  const captcha = useQuery({ queryKey: [key], queryFn: create, staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false });
  const [answer, setAnswer] = useState("");
  const [working, setWorking] = useState(false);
  // A spent one counts no more, even before the next one is here.
  const [spent, setSpent] = useState<string | null>(null);
  const current = captcha.data && captcha.data.id !== spent ? captcha.data : undefined;
  const work = useWork(current, working);
  const answered = working ? work.answer !== null : answer.trim() !== "";
  return {
    current, answer, setAnswer, working, setWorking, work,
    error: captcha.error,
    /** Whether somebody, or the work, has answered. */
    answered,
    /** Whether there is an answer to send with the form. */
    proven: current !== undefined && answered,
    /** What is sent with the form. */
    proof: () => ({ id: current?.id ?? "", ...(working ? { work: work.answer ?? undefined } : { answer: answer.trim() }) }),
    spend: () => setSpent(captcha.data?.id ?? null),
    another: () => {
      setAnswer("");
      void captcha.refetch();
    },
  };
}

export type HeldCaptcha = ReturnType<typeof useCaptcha>;
