import { expect, type Locator, type Page } from "@playwright/test";

/** The pages `/register`, `/sign-in` and `/account`. */
export class Account {
  readonly name: Locator;
  readonly password: Locator;
  readonly newPassword: Locator;
  readonly problem: Locator;
  readonly notice: Locator;

  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {
    this.name = page.getByRole("textbox", { name: "Name", exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.newPassword = page.getByLabel("New password", { exact: true });
    this.problem = page.getByRole("alert");
    this.notice = page.getByRole("status");
  }

  async open(path: "/register" | "/sign-in" | "/account"): Promise<void> {
    await this.page.goto(new URL(path, this.address).href);
  }

  /** Registers an account, and waits for the chat. */
  async register(name: string, password: string): Promise<void> {
    await this.open("/register");
    await this.name.fill(name);
    await this.password.fill(password);
    await this.press("Create an account");
    await expect(this.page).not.toHaveURL(/register/);
  }

  async signIn(name: string, password: string): Promise<void> {
    await this.open("/sign-in");
    await this.name.fill(name);
    await this.password.fill(password);
    await this.press("Sign in");
  }

  /** Signs out and accepts each question. Returns the questions, which may come after the page has changed. */
  async signOut(): Promise<string[]> {
    const questions: string[] = [];
    this.page.on("dialog", (dialog) => {
      questions.push(dialog.message());
      void dialog.accept();
    });
    await this.open("/account");
    await this.press("Sign out");
    await expect(this.page).toHaveURL(/signed_out/);
    return questions;
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }
}
