import { expect, test } from "../support/test";
import { Files, fileOf, textFile } from "../pages/files";

const MIB = 1024 * 1024;

test("files are sent with a caption and can be downloaded by everybody", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const [hers, his] = [new Files(alice.page), new Files(bob.page)];
  await hers.choose(textFile("notes.txt", "the notes"), fileOf("a rather long name of a backup.tar.gz", 3 * MIB));
  await alice.says("both files");
  await bob.seesSent("both files");
  await expect(his.cards).toHaveCount(2);
  await expect(his.card("notes.txt")).toContainText("9 B");
  expect(await his.content("notes.txt")).toBe("the notes");
  expect((await his.content("a rather long name of a backup.tar.gz")).length).toBe(3 * MIB);
  await expect(hers.cards).toHaveCount(2);
  await expect(hers.attached).toHaveCount(0);
  await bob.reloads();
  await expect(his.cards).toHaveCount(2);
});

test("a file without a text is a message", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await new Files(alice.page).choose(textFile("plan.txt"));
  await alice.sends();
  const files = new Files(bob.page);
  await expect(files.card("plan.txt")).toBeVisible();
  await expect(bob.room.messages.locator(".message-text")).toHaveCount(0);
});

test("files are pasted and dropped", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const files = new Files(alice.page);
  await files.give("paste", alice.room.composer, "pasted.txt");
  await expect(files.attached).toHaveCount(1);
  await files.give("dragover", alice.room.log, "dropped.txt");
  await expect(files.overlay).toBeVisible();
  await files.give("drop", alice.room.log, "dropped.txt");
  await expect(files.overlay).toBeHidden();
  await expect(files.attached).toHaveCount(2);
  await alice.sends();
  await expect(new Files(bob.page).cards).toHaveCount(2);
});

test("a file is removed before it is sent, and refused if it is too large", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const files = new Files(alice.page);
  await files.choose(textFile("wrong.txt"), textFile("right.txt"));
  await alice.page.getByRole("button", { name: "Remove wrong.txt" }).click();
  await expect(files.attached).toHaveCount(1);
  await files.field.setInputFiles([fileOf("huge.bin", 25 * MIB + 1)]);
  await expect(files.problem).toContainText("huge.bin is too large: a file can have at most 25");
  await expect(files.attached).toHaveCount(1);
  await alice.sends();
  await expect(new Files(bob.page).cards).toHaveCount(1);
  await expect(new Files(bob.page).card("right.txt")).toBeVisible();
});

test("a message has at most ten files", async ({ alice }) => {
  await alice.joins("general");
  const files = new Files(alice.page);
  await files.field.setInputFiles(Array.from({ length: 11 }, (_, number) => textFile(`${number}.txt`)));
  await expect(files.attached).toHaveCount(10);
  await expect(files.problem).toContainText("at most 10 files");
});

test("the user can write while a file is being uploaded, and cancels it", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.page.route("**/api/v1/uploads/**", async (route) => {
    if (route.request().headers()["upload-offset"] === "0") await route.continue();
  });
  const files = new Files(alice.page);
  await files.choose(fileOf("long.mp4", 3 * MIB));
  await alice.says("a long film");
  await expect(files.waiting).toContainText("1 MB of 3 MB");
  await expect(files.progress).toHaveAttribute("value", String(MIB));
  await alice.says("and something short");
  await bob.seesSent("and something short");
  await expect(bob.room.rows("a long film")).toHaveCount(0);
  await alice.page.getByRole("button", { name: "Remove long.mp4" }).click();
  await bob.seesSent("a long film");
  await expect(new Files(bob.page).cards).toHaveCount(0);
});

test.describe("without a connection", () => {
  test.use({ networkMayFail: true });

  test("files wait, survive closing the tab and resume where they stopped", async ({ server, alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    const files = new Files(alice.page);
    // The second piece does not arrive.
    await alice.page.route("**/api/v1/uploads/**", async (route) => {
      if (route.request().headers()["upload-offset"] === "0") await route.continue();
    });
    await files.choose(fileOf("film.bin", 2 * MIB + 5));
    await alice.says("here it is");
    await expect(files.waiting).toContainText("1 MB of 2 MB");
    await server.kill();
    await expect(files.waiting).toContainText("waiting to upload");
    await files.choose(textFile("written offline.txt"));
    await alice.says("and another");
    await alice.seesPending("and another");
    await alice.page.close();

    await server.restart();
    const next = await alice.another();
    const offsets: string[] = [];
    next.page.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(request.headers()["upload-offset"] ?? "");
    });
    await next.opens("/rooms/general");
    await bob.seesSent("here it is");
    await bob.seesSent("and another");
    const his = new Files(bob.page);
    expect((await his.content("film.bin")).length).toBe(2 * MIB + 5);
    await expect(his.card("written offline.txt")).toBeVisible();
    expect(offsets.slice().sort()).toEqual(["0", String(MIB), String(2 * MIB)].sort());
  });
});
