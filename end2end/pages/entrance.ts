import { expect, type Locator, type Page } from "@playwright/test";

/** `/`: a name, a room, and in. */
export class Entrance {
  readonly name: Locator;
  readonly room: Locator;
  readonly join: Locator;
  /** What is wrong, as the page says it. */
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    readonly address: string,
  ) {
    this.name = page.getByRole("textbox", { name: "Your name" });
    this.room = page.getByRole("textbox", { name: "Room" });
    this.join = page.getByRole("button", { name: "Join" });
    this.problem = page.getByRole("alert");
  }

  async open(): Promise<void> {
    await this.page.goto(this.address);
    await expect(this.name).toBeVisible();
  }

  async fill(name: string, room: string): Promise<void> {
    await this.name.fill(name);
    await this.room.fill(room);
  }

  async enter(name: string, room: string): Promise<void> {
    await this.fill(name, room);
    await this.join.click();
  }
}
