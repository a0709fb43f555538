// The server's time, ticking: ages on a page grow without asking the server.
import { useEffect, useState } from "react";
import { serverNow } from "../api/clock";

export function useNow(every = 5_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(serverNow()), every);
    return () => window.clearInterval(timer);
  }, [every]);
  return now;
}
