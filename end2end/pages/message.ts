import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";

/** An action on a message. */
export type Action = "react" | "reply" | "edit" | "copy-text" | "copy-link" | "mark-unread" | "delete";

/** A message in the timeline, and its actions. */
export class Message {
  /** The quoted message. */
  readonly quote: Locator;
  /** The mark of an edited message. */
  readonly edited: Locator;
  /** The toolbar. */
  readonly tools: Locator;
  /** The menu with all actions. */
  readonly menu: Locator;
  /** The confirmation of a deletion. */
  readonly question: Locator;
  /** The edit history. */
  readonly history: Locator;
  /** The avatars of users who have read up to here. */
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

  /** Performs an action by mouse: from the toolbar if it is there, else from the menu. */
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

  /** Moves the pointer to the message once it is stored, because pending messages have no actions. */
  private async pointAt(): Promise<void> {
    await expect(this.row).toHaveAttribute("data-seq", /^\d+$/);
    // Points at the bubble and not at its text: the middle of a short text is covered by the time, and on narrow
    // windows the start of the user's own messages by the toolbar.
    await this.row.locator(".message-bubble").hover();
  }

  /** Returns the actions of the menu. */
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

  /** Adds a reaction with the emoji picker. */
  async reactsWith(emoji: string): Promise<void> {
    await this.act("react");
    await this.picker.locator(".emoji-button").filter({ hasText: emoji }).first().click();
    await expect(this.picker).toBeHidden();
  }

  get picker(): Locator {
    return this.page.locator(".emoji-picker");
  }

  /** Returns the reactions with their counts: `👍 2`. */
  async reactions(): Promise<string[]> {
    return this.row.locator("[data-reaction]").evaluateAll((chips) =>
      chips.map((chip) => `${chip.getAttribute("data-reaction")} ${chip.querySelector(".reaction-count")?.textContent}`),
    );
  }

  reaction(emoji: string): Locator {
    return this.row.locator(`[data-reaction="${emoji}"]`);
  }
}
