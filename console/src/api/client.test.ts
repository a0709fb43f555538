import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, call, query, setCsrfToken, whenOutOfDate, whenSignedOut } from "./client";
import { serverNow } from "./clock";

const fetched = vi.fn<typeof fetch>();
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
const sent = () => fetched.mock.calls[0]?.[1] ?? {};

beforeEach(() => vi.stubGlobal("fetch", fetched));
afterEach(() => {
  fetched.mockReset();
  setCsrfToken(null);
  vi.unstubAllGlobals();
});

describe("the API client", () => {
  test("a change carries the CSRF token and a look does not", async () => {
    setCsrfToken("token");
    fetched.mockImplementation(async () => answer(200, {}));
    await call("POST", "/sites", { body: { name: "Mill" } });
    await call("GET", "/sites");
    const headers = fetched.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(headers[0]?.["x-csrf-token"]).toBe("token");
    expect(headers[1]?.["x-csrf-token"]).toBeUndefined();
  });

  test("a refusal is an ApiError with code, details and request id", async () => {
    fetched.mockResolvedValue(answer(422, { code: "name_empty", message: "m", details: { field: "name" }, request_id: "r1" }));
    const error = await call("POST", "/sites", { body: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: "name_empty", details: { field: "name" }, requestId: "r1" });
  });

  test("a refusal without JSON still has a code", async () => {
    fetched.mockResolvedValue(new Response("<html>", { status: 502 }));
    await expect(call("GET", "/sites")).rejects.toMatchObject({ status: 502, code: "http_502" });
  });

  test("a server that cannot be reached is the code network", async () => {
    fetched.mockRejectedValue(new TypeError("failed"));
    await expect(call("GET", "/sites")).rejects.toMatchObject({ status: 0, code: "network" });
  });

  test("Retry-After is kept", async () => {
    fetched.mockResolvedValue(answer(503, { code: "unavailable" }, { "retry-after": "7" }));
    await expect(call("GET", "/sites")).rejects.toMatchObject({ retryAfter: 7 });
  });

  test("an ended session is told to the console", async () => {
    const told = vi.fn();
    whenSignedOut(told);
    fetched.mockResolvedValue(answer(401, { code: "not_signed_in" }));
    await call("GET", "/sites").catch(() => undefined);
    expect(told).toHaveBeenCalledOnce();
  });

  test("what was asked while a change gave the session another id is asked again", async () => {
    const told = vi.fn();
    whenSignedOut(told);
    let renew = (_: Response) => {};
    fetched.mockImplementationOnce(() => new Promise((done) => (renew = done)));
    fetched.mockResolvedValueOnce(answer(401, { code: "not_signed_in" }));
    fetched.mockResolvedValueOnce(answer(200, { items: [] }));
    const change = call("POST", "/profile/password", { body: {} });
    const look = call("GET", "/sites");
    await Promise.resolve();
    renew(answer(200, {}));
    await expect(change).resolves.toEqual({});
    await expect(look).resolves.toEqual({ items: [] });
    expect(told).not.toHaveBeenCalled();
  });

  test("a look that is refused again is over", async () => {
    const told = vi.fn();
    whenSignedOut(told);
    fetched.mockImplementation(async () => answer(401, { code: "not_signed_in" }));
    const change = call("POST", "/profile/password", { body: {} }).catch(() => undefined);
    await expect(call("GET", "/sites")).rejects.toMatchObject({ code: "not_signed_in" });
    await change;
    expect(fetched).toHaveBeenCalledTimes(3);
    fetched.mockClear();
    await expect(call("GET", "/sites")).rejects.toMatchObject({ code: "not_signed_in" });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  test("a missing right and a missing second factor tell that the session is out of date", async () => {
    const told = vi.fn();
    whenOutOfDate(told);
    for (const code of ["right_missing", "two_factor_enrolment_needed", "not_found"]) {
      fetched.mockResolvedValue(answer(403, { code }));
      await call("GET", "/sites").catch(() => undefined);
    }
    expect(told).toHaveBeenCalledTimes(2);
  });

  test("a picture goes as bytes with its own type", async () => {
    fetched.mockResolvedValue(answer(201, {}));
    const picture = new Blob(["x"], { type: "image/heic" });
    await call("POST", "/sites/1/scans", { bytes: picture });
    expect((sent().headers as Record<string, string>)["content-type"]).toBe("application/octet-stream");
    expect(sent().body).toBe(picture);
  });

  test("an empty answer is undefined", async () => {
    fetched.mockResolvedValue(answer(204, null));
    await expect(call("DELETE", "/session")).resolves.toBeUndefined();
  });

  test("an answer tells the server's clock", async () => {
    fetched.mockResolvedValue(answer(200, {}, { date: new Date(Date.now() + 3_600_000).toUTCString() }));
    await call("GET", "/setup");
    expect(serverNow() - Date.now()).toBeGreaterThan(3_598_000);
  });

  test("a query leaves out what is not set", () => {
    expect(query({ search: "a b", status: null, open: false, cursor: undefined, health: "" })).toBe("?search=a+b&open=false");
    expect(query({})).toBe("");
  });
});
