import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = process.env.HUBBUB_BIN ?? resolve(__dirname, "../../target/release/hubbub");
// A slow machine with much to do takes its time to start a program.
const START_MILLIS = 60_000;
const STOP_MILLIS = 30_000;

/** The real program, with a data folder of its own. */
export class Server {
  /** Where it serves; the same after a restart. */
  url = "";
  private process: ChildProcess | undefined;
  private listen = "127.0.0.1:0";
  private log = "";

  private constructor(
    private readonly data: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts it on a free port with an empty data folder. */
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

  /** Pulls the plug: SIGKILL, nothing is said goodbye to. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts it again, on the same port and the same data. */
  async restart(): Promise<void> {
    if (this.process) throw new Error("the server still runs");
    await this.run();
  }

  /** Asks it to stop, as a person or a service manager does; the exit code. */
  async stop(): Promise<number | null> {
    return this.end("SIGTERM");
  }

  /** Stops its clock: connections stay open, and nothing is answered. */
  freeze(): void {
    this.process?.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.process?.kill("SIGCONT");
  }

  /** Stops it if it runs, and takes its data away. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.data, { recursive: true, force: true });
  }

  /** What it said on standard error, in all its lives. */
  get said(): string {
    return this.log;
  }

  private async run(): Promise<void> {
    const flags = ["serve", "--listen", this.listen, "--data", this.data];
    // Stories say more in a second than people do in an hour.
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
