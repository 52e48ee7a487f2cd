import { Account } from "../pages/account";
import { isAccessible } from "../support/accessibility";
import type { Person } from "../support/person";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";

const PASSWORD = "violets are blue";

function accountOf(person: Person, server: Server): Account {
  return new Account(person.page, server.url);
}

test("a guest becomes an account and keeps name, rooms and messages", async ({ alice, person, server }) => {
  await alice.joins("tea");
  await alice.says("as a guest");
  await alice.seesSent("as a guest");
  const account = accountOf(alice, server);
  await account.open("/register");
  // The two links to other ways of joining, each on its own line.
  const signIn = await alice.page.getByRole("link", { name: "Sign in" }).boundingBox();
  const asGuest = await alice.page.getByRole("link", { name: "Continue as a guest" }).boundingBox();
  expect(asGuest?.y).toBeGreaterThan((signIn?.y ?? 0) + (signIn?.height ?? 0));
  await expect(account.name).toHaveValue("Alice");
  await account.password.fill(PASSWORD);
  await account.press("Create an account");
  await alice.isIn("tea");
  await alice.seesSent("as a guest");
  await expect(alice.room.rows("as a guest")).toHaveClass(/message-own/);

  const elsewhere = await person("Alice");
  await accountOf(elsewhere, server).signIn("alice", PASSWORD);
  await elsewhere.isIn("tea");
  await elsewhere.says("from another device");
  await alice.seesSent("from another device");
  await expect(alice.room.rows("from another device")).toHaveClass(/message-own/);
});

test("open windows stay open when the guest registers in another window", async ({ alice, server }) => {
  await alice.joins("tea");
  const other = await alice.another();
  // The server closes the socket of the guest, and the page reconnects as the account.
  const back = alice.page.waitForEvent("websocket");
  await accountOf(other, server).register("Alice", PASSWORD);
  await back;
  await alice.says("still here");
  await alice.seesSent("still here");
  await other.opens("/rooms/tea");
  await other.seesSent("still here");
});

test("the account page shows times by the clock of the browser", async ({ person, server }) => {
  const timeZone = "Asia/Kathmandu";
  const alice = await person("Alice", { timezoneId: timeZone });
  const account = accountOf(alice, server);
  await account.register("Alice", PASSWORD);
  await account.open("/account");
  const times = await alice.page.locator("time[datetime*=T]").evaluateAll((all) =>
    all.map((time) => ({ at: (time as HTMLTimeElement).dateTime, shown: time.textContent })),
  );
  expect(times.length).toBeGreaterThan(0);
  for (const { at, shown } of times) {
    expect(shown).toBe(new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone }));
  }
  // The next page uses the time zone for its day separators.
  const cookies = await alice.page.context().cookies();
  expect(cookies.find(({ name }) => name === "hubbub_utc_offset")?.value).toBe("345");
});

test("signing out in one window shows the landing page in the others", async ({ alice, server }) => {
  await accountOf(alice, server).register("Alice", PASSWORD);
  await alice.opens("/rooms/tea");
  const other = await alice.another();
  const account = accountOf(other, server);
  await account.open("/account");
  await account.press("Sign out");
  await expect(other.page.getByRole("status")).toContainText("Your session has ended");
  await expect(alice.page).toHaveURL(/\/\?signed_out=1$/);
  await expect(alice.page.getByRole("status")).toContainText("Your session has ended");
});

test("a wrong password is reported at the form, and the name is kept", async ({ alice, server }) => {
  const account = accountOf(alice, server);
  await account.register("Alice", PASSWORD);
  await account.open("/account");
  await account.press("Sign out");
  await account.signIn("Alice", "roses are red");
  await expect(account.problem).toContainText("Wrong name or password");
  await expect(account.name).toHaveValue("Alice");
  await expect(account.password).toHaveValue("");
  await account.open("/register");
  await account.name.fill("Carol");
  await account.password.fill("short");
  await account.press("Create an account");
  await expect(account.password).toHaveAccessibleDescription(/at least 8 characters/);
  await expect(account.password).toHaveAttribute("aria-invalid", "true");
  await expect(account.password).toBeFocused();
});

test("account pages work by keyboard and without JavaScript", async ({ person, server }) => {
  const alice = await person("Alice", { javaScriptEnabled: false });
  const { page } = alice;
  await page.goto(new URL("/register?room=tea", server.url).href);
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await page.keyboard.type("Alice");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/rooms\/tea$/);

  const account = accountOf(alice, server);
  await account.open("/account");
  await account.name.fill("Alice B");
  await account.name.press("Enter");
  await expect(account.notice).toContainText("Your name has changed");
  await page.getByLabel("Current password").first().fill(PASSWORD);
  await account.newPassword.fill("roses are red");
  await account.newPassword.press("Enter");
  await expect(account.notice).toContainText("Your password has changed");
  await page.getByText("Delete my account").click();
  await page.locator("#remove-password").fill("roses are red");
  await account.press("Delete permanently");
  await expect(page.getByRole("status")).toContainText("Your session has ended");
  await account.signIn("Alice B", "roses are red");
  await expect(account.problem).toContainText("Wrong name or password");
});

test("other users see a new name at once", async ({ alice, bob, server }) => {
  await accountOf(alice, server).register("Alice", PASSWORD);
  await alice.opens("/rooms/tea");
  await bob.joins("tea");
  await expect(bob.room.people.aside).toContainText("Alice");
  const account = accountOf(await alice.another(), server);
  await account.open("/account");
  await account.name.fill("Margarete");
  await account.press("Change the name");
  await expect(bob.room.people.aside).toContainText("Margarete");
  await expect(alice.room.people.aside).toContainText("Margarete");
});

test("account pages are in Russian for a Russian browser", async ({ person, server }) => {
  const ivan = await person("Иван", { locale: "ru-RU" });
  await ivan.page.goto(new URL("/register", server.url).href);
  await expect(ivan.page.locator("html")).toHaveAttribute("lang", "ru");
  await ivan.page.getByRole("textbox", { name: "Имя", exact: true }).fill("Иван");
  await ivan.page.getByLabel("Пароль", { exact: true }).fill("кот");
  await ivan.page.getByRole("button", { name: "Создать учётную запись" }).click();
  await expect(ivan.page.getByRole("alert")).toContainText("не меньше 8 символов");
});

for (const width of [1280, 390]) {
  test(`account pages are accessible and fit the window: ${width} wide`, async ({ person, server }) => {
    const alice = await person("Alice", { viewport: { width, height: 800 } });
    const account = accountOf(alice, server);
    const check = async () => {
      await isAccessible(alice.page, alice.page.url());
      const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    };
    for (const path of ["/register", "/sign-in"] as const) {
      await account.open(path);
      await check();
      await alice.page.getByRole("main").getByRole("button").first().click();
      await expect(account.problem.first()).toBeVisible();
      await check();
    }
    await account.register("M".repeat(32), PASSWORD);
    await account.open("/account");
    await alice.page.getByText("Delete my account").click();
    await check();
  });
}
