import { expect, test } from "../support/test";

/** Number of colours, as in `app/src/state/hues.rs`. */
const HUES = 12;

test("three members have three colours, the same in the list and at messages", async ({ person }) => {
  const people = [];
  for (const name of ["Alice", "Bob", "Carol"]) {
    const someone = await person(name);
    await someone.joins("general");
    await someone.says(`${name} is here`);
    people.push(someone);
  }
  const [alice] = people;
  await alice!.seesSent("Carol is here");
  const colour = (selector: string) =>
    alice!.page.locator(selector).evaluate((avatar) => getComputedStyle(avatar).backgroundColor);
  const colours = [];
  for (const name of ["Alice", "Bob", "Carol"]) {
    const listed = alice!.page.locator("[data-person]").filter({ hasText: name }).locator(".avatar");
    await expect(listed).toHaveCount(1);
    colours.push(await listed.evaluate((avatar) => getComputedStyle(avatar).backgroundColor));
  }
  expect(new Set(colours).size).toBe(3);
  const own = await alice!.room.rows("Bob is here").locator(".avatar").evaluate((avatar) => getComputedStyle(avatar).backgroundColor);
  expect(own).toBe(colours[1]);
  expect(await colour(".me-button .avatar")).toBe(colours[0]);
  await alice!.reloads();
  expect(await colour(".me-button .avatar")).toBe(colours[0]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`avatar colours differ, and initials have enough contrast: ${colorScheme}`, async ({ person }) => {
    const alice = await person("Alice", { colorScheme });
    await alice.joins("general");
    const shown = await alice.page.evaluate((hues) => {
      const brush = document.createElement("canvas").getContext("2d")!;
      const paint = (colour: string): number[] => {
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      return Array.from({ length: hues }, (_, hue) => {
        const avatar = document.createElement("span");
        avatar.className = `avatar hue-${hue}`;
        document.body.append(avatar);
        const { backgroundColor, color } = getComputedStyle(avatar);
        return { disc: paint(backgroundColor), ink: paint(color) };
      });
    }, HUES);
    for (const [index, { disc, ink }] of shown.entries()) {
      expect(contrast(disc, ink), `initials of colour ${index}`).toBeGreaterThanOrEqual(4.5);
      for (const other of shown.slice(index + 1)) {
        expect(difference(disc, other.disc), `colour ${index} and another`).toBeGreaterThan(0.08);
      }
    }
  });
}

/** Converts a colour to linear light (sRGB, IEC 61966-2-1). */
const linear = (colour: number[]): number[] =>
  colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));

/** Returns the contrast ratio of two colours (WCAG 2.2, relative luminance). */
function contrast(one: number[], other: number[]): number {
  const luminance = (colour: number[]) => {
    const [red = 0, green = 0, blue = 0] = linear(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Returns the distance of two colours in OKLab (CSS Color 4, section 9.3). Distances from 0.02 are visible. */
function difference(one: number[], other: number[]): number {
  const lab = (colour: number[]) => {
    const [red = 0, green = 0, blue = 0] = linear(colour);
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [from, to] = [lab(one), lab(other)];
  return Math.hypot(...from.map((value, index) => value - (to[index] ?? 0)));
}
