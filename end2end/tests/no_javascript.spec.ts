import { expect, test } from "../support/test";
import { flood } from "../support/flood";

// Pages without JavaScript, as they are also before hydration.
const noScript = { javaScriptEnabled: false };

test("reads and posts without JavaScript", async ({ alice, person }) => {
  await alice.joins("general");
  await alice.says("Can everybody read this?");
  await alice.seesSent("Can everybody read this?");

  const carol = await person("Carol", noScript);
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");
  await expect(carol.page).toHaveURL(/\/rooms\/general$/);
  await carol.seesSent("Can everybody read this?");
  await expect(carol.room.people.aside).toContainText("Alice");

  await carol.room.composer.fill("Yes.\nEven without a script.");
  await carol.room.send.click();
  await expect(carol.page).toHaveURL(/\/rooms\/general$/);
  await expect(carol.room.composer).toHaveValue("");
  await carol.sees("Yes. Even without a script.");
  await alice.sees("Yes. Even without a script.");
  await expect(carol.room.rows("Yes. Even without a script.")).toHaveClass(/message-own/);
  // A reload does not post the message again.
  await carol.page.reload();
  await carol.sees("Yes. Even without a script.");
  await expect(alice.room.messages).toHaveCount(2);
});

test("an error keeps the text without JavaScript", async ({ person }) => {
  const carol = await person("Carol", noScript);
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");

  await carol.room.composer.fill("   ");
  const empty = carol.page.waitForResponse((response) => response.request().method() === "POST");
  await carol.room.send.click();
  expect((await empty).status()).toBe(422);
  await expect(carol.page.getByRole("alert")).toContainText("empty");

  const long = "long ".repeat(801).trimEnd();
  expect(long.length).toBeGreaterThan(4000);
  await carol.room.composer.fill(long);
  const tooLong = carol.page.waitForResponse((response) => response.request().method() === "POST");
  await carol.room.send.click();
  expect((await tooLong).status()).toBe(422);
  await expect(carol.page.getByRole("alert")).toContainText("4,000");
  await expect(carol.room.composer).toHaveValue(long);
  await expect(carol.room.messages).toHaveCount(0);

  const right = "Short </textarea><script>document.title='stolen'</script> & sweet";
  await carol.room.composer.fill(right);
  await carol.room.send.click();
  await carol.seesSent(right);
});

test("a hostile draft stays text in the form without JavaScript", async ({ person }) => {
  const carol = await person("Carol", noScript);
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");
  const hostile = `</textarea><h1>Owned</h1>${"x".repeat(4000)}`;
  await carol.room.composer.fill(hostile);
  await carol.room.send.click();
  await expect(carol.page.getByRole("alert")).toContainText("4,000");
  await expect(carol.room.composer).toHaveValue(hostile);
  await expect(carol.page.getByRole("heading", { name: "Owned" })).toHaveCount(0);
});

test("pages through the history without JavaScript", async ({ alice, person }) => {
  await alice.joins("general");
  await flood(alice, "general", "page", 120);
  const carol = await person("Carol", noScript);
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");
  await expect(carol.room.messages).toHaveCount(50);
  await expect(carol.room.rows("page 120")).toHaveCount(1);
  await carol.page.getByRole("link", { name: "Older messages" }).click();
  await expect(carol.room.rows("page 70")).toHaveCount(1);
  await expect(carol.room.rows("page 71")).toHaveCount(0);
  await carol.page.getByRole("link", { name: "Older messages" }).click();
  await expect(carol.room.rows("page 1")).toHaveCount(1);
  await expect(carol.room.messages).toHaveCount(20);
  await expect(carol.page.getByRole("link", { name: "Older messages" })).toHaveCount(0);
  await carol.page.getByRole("link", { name: "To the newest messages" }).click();
  await expect(carol.room.rows("page 120")).toHaveCount(1);
});

test("two guests in one browser stay separate without JavaScript", async ({ person }) => {
  const carol = await person("Carol", noScript);
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");
  const dave = await carol.another(false);
  await dave.landing.open();
  await dave.landing.enter("Dave", "general");
  await dave.room.composer.fill("I am Dave");
  await dave.room.send.click();
  await expect(dave.room.rows("I am Dave")).toHaveClass(/message-own/);
  await carol.room.composer.fill("I am Carol");
  await carol.room.send.click();
  await expect(carol.room.rows("I am Carol")).toHaveClass(/message-own/);
  await expect(carol.room.rows("I am Dave")).not.toHaveClass(/message-own/);
  await expect(carol.room.rows("I am Dave")).toContainText("Dave");
});
