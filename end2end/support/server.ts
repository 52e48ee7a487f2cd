import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = process.env.HUBBUB_BIN ?? resolve(__dirname, "../../target/release/hubbub");
// Starting a program takes long on a busy machine.
const START_MILLIS = 60_000;
const STOP_MILLIS = 30_000;

/** The real program with a data folder of its own. */
export class Server {
  /** URL of the server, which a restart does not change. */
  url = "";
  private process: ChildProcess | undefined;
  private listen = "127.0.0.1:0";
  private log = "";

  private constructor(
    private readonly data: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts the program on a free port with an empty data folder. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "hubbub-")), settings);
    try {
      await server.run();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** Kills the program (SIGKILL). */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts the program again on the same port and data. */
  async restart(): Promise<void> {
    if (this.process) throw new Error("the server still runs");
    await this.run();
  }

  /** Stops the program by a signal and returns its exit code. */
  async stop(): Promise<number | null> {
    return this.end("SIGTERM");
  }

  /** Suspends the process: connections stay open, but nothing is answered. */
  freeze(): void {
    this.process?.kill("SIGSTOP");
  }

  /** Resumes the process. */
  thaw(): void {
    this.process?.kill("SIGCONT");
  }

  /** Stops the program if it runs, and deletes its data. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.data, { recursive: true, force: true });
  }

  /** Returns the output of the program on standard error, of all runs. */
  get said(): string {
    return this.log;
  }

  private async run(): Promise<void> {
    const flags = ["serve", "--listen", this.listen, "--data", this.data];
    // Tests send more requests in a second than users do in an hour.
    const env = { ...process.env, HUBBUB_LIMIT_POSTING: "off", ...this.settings };
    const child = spawn(PROGRAM, flags, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.url = await new Promise<string>((found, failed) => {
      const late = () => failed(new Error(`no "listening on" within ${START_MILLIS} ms:\n${this.log}`));
      const timer = setTimeout(late, START_MILLIS);
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        const url = /^listening on (http:\/\/\S+)$/m.exec(out)?.[1];
        if (!url) return;
        clearTimeout(timer);
        found(url);
      });
      child.once("error", (error) => {
        clearTimeout(timer);
        failed(new Error(`cannot start ${PROGRAM}: ${error.message}; cargo xtask build makes it`));
      });
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        failed(new Error(`the server ended with ${code ?? signal}:\n${this.log}`));
      });
    });
    this.listen = new URL(this.url).host;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MILLIS);
    const [code] = await ended;
    clearTimeout(timer);
    return code;
  }
}
