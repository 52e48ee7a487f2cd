import { isAccessible } from "../support/accessibility";
import { expect, test } from "../support/test";
import { NARROW, WIDE } from "../support/variants";

for (const viewport of [WIDE, NARROW]) {
  test(`API documentation is accessible: ${viewport.width} wide`, async ({ browser, server }) => {
    const context = await browser.newContext({ viewport, javaScriptEnabled: true });
    const page = await context.newPage();
    const asked: string[] = [];
    const faults: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(`${server.url}/api/docs`);
    await expect(page.getByRole("heading", { level: 1, name: "REST API" })).toBeVisible();

    await isAccessible(page, "the page of the API");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, "wider than the window").toBeLessThanOrEqual(0);
    expect(asked.filter((url) => !url.startsWith(server.url)), "from elsewhere").toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
}

test("API documentation links to each operation, without JavaScript", async ({ browser, request, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/api/docs`);
  const described = await (await request.get(`${server.url}/api/v1/openapi.json`)).json();
  const operations = Object.values<Record<string, { operationId: string; summary: string }>>(described.paths).flatMap((item) =>
    Object.values(item),
  );
  expect(operations.length).toBeGreaterThan(15);
  for (const { operationId, summary } of operations) {
    await expect(page.locator(`#${operationId} h3`)).toHaveText(summary);
  }
  await page.getByRole("navigation").getByRole("link", { name: "Post a message" }).click();
  await expect(page.locator("#post_message")).toBeInViewport();
  await expect(page.locator("#post_message pre")).toContainText("curl -X POST");
  // All link targets exist.
  const lost = await page.locator("a[href^='#']").evaluateAll((links) =>
    links.map((link) => link.getAttribute("href") ?? "").filter((href) => !document.getElementById(href.slice(1))),
  );
  expect(lost).toEqual([]);
  await context.close();
});
