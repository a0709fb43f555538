// Files made in the browser, and base64 as the API sends it.

/** Lets the browser save what an address (blob or data) holds. */
export function saveFile(address: string, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = fileName(name);
  anchor.click();
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\u0000-\u001f]/g, "-").trim() || "siteward";
}

/** The address of a picture that came as base64. */
export function pictureAddress(format: "png" | "svg", data: string): string {
  return `data:${format === "png" ? "image/png" : "image/svg+xml"};base64,${data}`;
}
