// The page's title in the browser's tab, for screen readers and history.
import { useEffect } from "react";

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Siteward` : "Siteward";
  }, [title]);
}
