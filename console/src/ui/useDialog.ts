// Whether a dialog is open; `key` changes with each opening, so that a dialog begins afresh.
import { useState } from "react";

export function useDialog() {
  const [state, setState] = useState({ opened: false, key: 0 });
  return {
    ...state,
    open: () => setState(({ key }) => ({ opened: true, key: key + 1 })),
    close: () => setState(({ key }) => ({ opened: false, key })),
  };
}
