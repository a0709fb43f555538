// One way to call the API: adds the CSRF token, turns refusals into ApiError.
import { keepClock } from "./clock";
import type { ErrorBody } from "./types";

const BASE = "/api/v1";
const SAFE = new Set(["GET", "HEAD"]);

/** A refusal by the server, or a failure to reach it (code `network`, status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly requestId: string | null;
  readonly retryAfter: number | null;

  constructor(status: number, body: Partial<ErrorBody>, retryAfter: number | null = null) {
    super(body.message ?? body.code ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "network" : `http_${status}`);
    this.details = body.details ?? {};
    this.requestId = body.request_id ?? null;
    this.retryAfter = retryAfter;
  }
}

/** Whether the server says that something is not there, or not for this person any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whose calls: staff and end users have a session each, and a browser may have both. */
export type Side = "staff" | "my";

const csrfTokens: Record<Side, string | null> = { staff: null, my: null };
let onSignedOut: (side: Side) => void = () => {};
let onOutOfDate: () => void = () => {};
/** Refusals that tell that what is known of the session has changed. */
const OUT_OF_DATE = new Set(["right_missing", "two_factor_enrolment_needed"]);

/** Sets the token that every changing call carries. */
export function setCsrfToken(token: string | null, side: Side = "staff"): void {
  csrfTokens[side] = token;
}

function sideOf(path: string): Side {
  return path.startsWith("/my/") ? "my" : "staff";
}

/** Says what to do when the server no longer knows the session. */
export function whenSignedOut(action: (side: Side) => void): void {
  onSignedOut = action;
}

/** Says what to do when somebody may do less than the console knows. */
export function whenOutOfDate(action: () => void): void {
  onOutOfDate = action;
}

export interface CallOptions {
  body?: unknown;
  /** Bytes to send as they are, instead of `body`. */
  bytes?: Blob;
  signal?: AbortSignal;
}

/** Calls the API; resolves with the answer's JSON (undefined for an empty one), rejects with ApiError. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  const csrfToken = csrfTokens[sideOf(path)];
  if (!SAFE.has(method) && csrfToken) headers["x-csrf-token"] = csrfToken;
  let body: BodyInit | undefined;
  if (options.bytes) {
    headers["content-type"] = pictureType(options.bytes.type);
    body = options.bytes;
  } else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  const answer = await send(path, { method, headers, body, signal: options.signal, credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer, sideOf(path));
  if (answer.status === 204) return undefined as T;
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Asks for a picture or another file; never kept by the browser. */
export async function callForBytes(path: string): Promise<Blob> {
  const answer = await send(path, { method: "GET", cache: "no-store", credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer, sideOf(path));
  return answer.blob();
}

/** Opens an answer that goes on and on, and gives its bytes as they come. */
export async function openBytes(path: string, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const answer = await send(path, { method: "GET", cache: "no-store", credentials: "same-origin", signal });
  if (!answer.ok || !answer.body) throw await refusal(answer, sideOf(path));
  return answer.body.getReader();
}

/** Asks for a file by a call that is written down. */
export async function postForBytes(path: string): Promise<Blob> {
  const csrfToken = csrfTokens[sideOf(path)];
  const headers: Record<string, string> = csrfToken ? { "x-csrf-token": csrfToken } : {};
  const answer = await send(path, { method: "POST", cache: "no-store", headers, credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer, sideOf(path));
  return answer.blob();
}

/** Sends a file that may be large; tells how much of it is sent, from 0 to 1. */
export function uploadFile<T>(path: string, file: Blob, onSent: (part: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", BASE + path);
    request.setRequestHeader("content-type", "application/octet-stream");
    const csrfToken = csrfTokens[sideOf(path)];
    if (csrfToken) request.setRequestHeader("x-csrf-token", csrfToken);
    request.upload.addEventListener("progress", ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0));
    request.addEventListener("error", () => reject(new ApiError(0, { code: "network" })));
    request.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
    request.addEventListener("load", () => {
      const answer = new Response(request.responseText, { status: request.status });
      if (answer.ok) resolve(JSON.parse(request.responseText) as T);
      else void refusal(answer, sideOf(path)).then(reject);
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** A query string from what is set; begins with `?` or is empty. */
export function query(parameters: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

/** The address of a server-sent event stream. */
export function streamAddress(path: string): string {
  return BASE + path;
}

/** Changes on their way: one of them may give the session another id. */
const changing = new Set<Promise<Response>>();
let changed = 0;

async function send(path: string, init: RequestInit): Promise<Response> {
  if (!SAFE.has(init.method ?? "GET")) return change(path, init);
  const before = changed;
  const answer = await ask(path, init);
  if (answer.status !== 401) return answer;
  // Perhaps it went with the id that a change has just replaced: then it goes again.
  await Promise.allSettled(changing);
  return changed === before ? answer : ask(path, init);
}

async function change(path: string, init: RequestInit): Promise<Response> {
  const doing = ask(path, init);
  changing.add(doing);
  try {
    return await doing;
  } finally {
    changing.delete(doing);
    changed += 1;
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const sent = Date.now();
  try {
    const answer = await fetch(BASE + path, init);
    keepClock(answer, sent);
    return answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "network" });
  }
}

async function refusal(answer: Response, side: Side): Promise<ApiError> {
  const body = (await answer.json().catch(() => ({}))) as Partial<ErrorBody>;
  const seconds = Number.parseInt(answer.headers.get("retry-after") ?? "", 10);
  const error = new ApiError(answer.status, body, Number.isNaN(seconds) ? null : seconds);
  if (error.code === "not_signed_in") onSignedOut(side);
  if (OUT_OF_DATE.has(error.code)) onOutOfDate();
  return error;
}

function pictureType(type: string): string {
  return /^image\/(png|jpeg|webp)$/.test(type) ? type : "application/octet-stream";
}
