import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";
import type { Sidebar } from "./sidebar";

/** The modal dialogs. */
export class Dialogs {
  readonly dialog: Locator;
  /** The field of the room switcher, and its entries. */
  readonly switcher: Locator;
  readonly choices: Locator;

  constructor(
    readonly page: Page,
    private readonly sidebar: Sidebar,
    readonly words: Words,
  ) {
    this.dialog = page.getByRole("dialog");
    this.switcher = this.dialog.getByRole("combobox", { name: words.findRoom });
    this.choices = this.dialog.getByRole("option");
  }

  titled(title: string): Locator {
    return this.page.getByRole("dialog", { name: title });
  }

  async close(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.dialog).toBeHidden();
  }

  async openSwitcher(): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await expect(this.switcher).toBeFocused();
  }

  async openNewRoom(): Promise<void> {
    await this.sidebar.open();
    await this.sidebar.newRoom.click();
    await expect(this.titled(this.words.newRoom)).toBeVisible();
  }

  /** Creates a room and waits until it is open. */
  async createsRoom(name: string, topic = ""): Promise<void> {
    await this.openNewRoom();
    await this.dialog.getByRole("textbox", { name: this.words.name }).fill(name);
    await this.dialog.getByRole("textbox", { name: this.words.topicOptional }).fill(topic);
    await this.dialog.getByRole("button", { name: this.words.create }).click();
    await expect(this.dialog).toBeHidden();
  }

  async openBrowse(): Promise<void> {
    await this.sidebar.open();
    await this.sidebar.browse.click();
    await expect(this.titled(this.words.browseRooms)).toBeVisible();
  }

  /** The entry of a public room in the list. */
  publicRoom(name: string): Locator {
    return this.dialog.getByRole("link").filter({ has: this.page.locator("bdi").getByText(name, { exact: true }) });
  }

  async openTopic(): Promise<void> {
    await this.page.getByRole("button", { name: this.words.editTopic }).click();
    await expect(this.dialog.getByRole("textbox", { name: this.words.topic })).toBeFocused();
  }

  async setsTopic(topic: string): Promise<void> {
    await this.openTopic();
    await this.dialog.getByRole("textbox", { name: this.words.topic }).fill(topic);
    await this.dialog.getByRole("button", { name: this.words.save }).click();
    await expect(this.dialog).toBeHidden();
  }

  async openLeave(): Promise<void> {
    await this.page.getByRole("button", { name: this.words.roomMenu }).click();
    await this.page.getByRole("menuitem", { name: this.words.leaveRoom }).click();
    await expect(this.dialog).toBeVisible();
  }
}
