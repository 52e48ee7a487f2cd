import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";
import type { Sidebar } from "./sidebar";

/** The menu with the user's settings. */
export class Settings {
  readonly menu: Locator;
  readonly shareReads: Locator;
  readonly compact: Locator;
  readonly reduceMotion: Locator;

  constructor(
    readonly page: Page,
    private readonly sidebar: Sidebar,
    readonly words: Words,
  ) {
    this.menu = page.locator(".me-menu");
    this.shareReads = this.menu.getByRole("checkbox", { name: words.shareReads });
    this.compact = this.menu.getByRole("checkbox", { name: words.compact });
    this.reduceMotion = this.menu.getByRole("checkbox", { name: words.reduceMotion });
  }

  /** A radio button of the menu: a status, a theme or a text size. */
  choice(name: string): Locator {
    return this.menu.getByRole("radio", { name, exact: true });
  }

  async open(): Promise<void> {
    await this.sidebar.open();
    if (!(await this.menu.isVisible())) await this.sidebar.settings.click();
    await expect(this.menu).toBeVisible();
  }

  /** Selects a status and closes the menu. */
  async appearsAs(status: string): Promise<void> {
    await this.open();
    await this.menu.getByRole("radio", { name: status, exact: true }).check();
    await this.page.keyboard.press("Escape");
    await expect(this.menu).toBeHidden();
  }

  async sharesReads(share: boolean): Promise<void> {
    await this.open();
    await this.shareReads.setChecked(share);
    await this.page.keyboard.press("Escape");
    await expect(this.menu).toBeHidden();
  }
}
