import { describe, expect, test } from "vitest";
import { grouped } from "./secret";
import { describeAgent } from "./userAgent";

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";

describe("what a browser says of itself", () => {
  test.each([
    [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36`, "Chrome", "Windows", "computer"],
    [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge", "Windows", "computer"],
    [`${WINDOWS} Chrome/140.0.0.0 YaBrowser/25.8.0 Safari/537.36`, "Yandex Browser", "Windows", "computer"],
    [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36 OPR/120.0`, "Opera", "Windows", "computer"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox", "Linux", "computer"],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36", "Chrome", "Linux", "computer"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari", "macOS", "computer"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari", "iPhone", "phone"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone", "phone"],
    ["Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", "Safari", "iPad", "tablet"],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome", "Android", "phone"],
    ["Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Safari/537.36", "Samsung Internet", "Android", "tablet"],
    ["curl/8.14.1", "curl", null, "program"],
    ["python-requests/2.32", "python-requests", null, "program"],
    ["", null, null, "program"],
    ["<script>", null, null, "program"],
    ["Mozilla/5.0 (Windows NT 10.0) Whatever/1", null, "Windows", "computer"],
  ])("%s", (text, browser, system, kind) => expect(describeAgent(text)).toEqual({ browser, system, kind }));
});

test("a secret is typed off in groups of four, the last one as long as it is", () => {
  expect(grouped("JBSWY3DPEHPK3PXP")).toBe("JBSW Y3DP EHPK 3PXP");
  expect(grouped("ABCDEF")).toBe("ABCD EF");
  expect(grouped("ABCD efgh")).toBe("ABCD efgh");
});
