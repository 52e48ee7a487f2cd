import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";

/** What can be done with a message. */
export type Action = "react" | "reply" | "edit" | "copy-text" | "copy-link" | "mark-unread" | "delete";

/** A message in the timeline, and what is done with it. */
export class Message {
  /** What it answers. */
  readonly quote: Locator;
  /** That it was edited. */
  readonly edited: Locator;
  /** The small bar with what can be done. */
  readonly tools: Locator;
  /** Everything that can be done, with names. */
  readonly menu: Locator;
  /** Whether it is really to be deleted. */
  readonly question: Locator;
  /** What it said before. */
  readonly history: Locator;
  /** By small pictures: who has read up to here. */
  readonly readers: Locator;

  constructor(
    readonly page: Page,
    readonly row: Locator,
    readonly words: Words,
  ) {
    this.quote = row.locator(".quote");
    this.edited = row.locator(".message-edited");
    this.tools = row.getByRole("toolbar", { name: words.actions });
    this.menu = page.getByRole("menu", { name: words.actions });
    this.question = row.getByRole("alertdialog", { name: words.askDelete });
    this.history = page.getByRole("dialog", { name: words.edits });
    this.readers = row.locator("xpath=ancestor::*[contains(@class,'timeline-item')][1]").locator("[data-readers]");
  }

  /** Does something with it, by the mouse: in the bar if it is there, else in the menu. */
  async act(action: Action): Promise<void> {
    await this.pointAt();
    await expect(this.tools).toBeVisible();
    const button = this.tools.locator(`[data-action=${action}]`);
    if (await button.count()) {
      await button.click();
      return;
    }
    await this.tools.locator("[data-action=more]").click();
    await this.menu.locator(`[data-action=${action}]`).click();
  }

  /** Rests the pointer on it, once it is stored: before that, nothing can be done with it. */
  private async pointAt(): Promise<void> {
    await expect(this.row).toHaveAttribute("data-seq", /^\d+$/);
    // The bubble and not its text: in the middle of a short text stands the time, and over the beginning of the own
    // ones stand the tools where the window is narrow.
    await this.row.locator(".message-bubble").hover();
  }

  /** Which actions the menu offers. */
  async offers(): Promise<string[]> {
    await this.pointAt();
    await this.tools.locator("[data-action=more]").click();
    await expect(this.menu).toBeVisible();
    const names = await this.menu
      .locator("[data-action]")
      .evaluateAll((items) => items.map((item) => item.getAttribute("data-action") ?? ""));
    await this.page.keyboard.press("Escape");
    await expect(this.menu).toBeHidden();
    return names;
  }

  /** Puts an emoji to it, out of the picker. */
  async reactsWith(emoji: string): Promise<void> {
    await this.act("react");
    await this.picker.locator(".emoji-button").filter({ hasText: emoji }).first().click();
    await expect(this.picker).toBeHidden();
  }

  get picker(): Locator {
    return this.page.locator(".emoji-picker");
  }

  /** The emoji at it, each with its count: `👍 2`. */
  async reactions(): Promise<string[]> {
    return this.row.locator("[data-reaction]").evaluateAll((chips) =>
      chips.map((chip) => `${chip.getAttribute("data-reaction")} ${chip.querySelector(".reaction-count")?.textContent}`),
    );
  }

  reaction(emoji: string): Locator {
    return this.row.locator(`[data-reaction="${emoji}"]`);
  }
}
