import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { eventually } from './eventually.ts'

/** As they greet a new user: interactive, and without files of his own. */
const SHELLS = { bash: 'bash --norc --noprofile -i', zsh: 'zsh -f -i' } as const

export type Shell = keyof typeof SHELLS

/** Nothing that is printed is broken into lines. */
const COLUMNS = 1_000

/** A shell that waits for commands says so, and then takes all lines of a paste at once. */
const AWAITS_PASTE = '\x1b[?2004h'
const PASTE_BEGINS = '\x1b[200~'
const PASTE_ENDS = '\x1b[201~'
const RETURN = '\r'

/** What npm shows while it is busy, and wipes out again. */
const WIPED = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gu

/** A shell at a prompt, on a terminal made by util-linux's `script`. */
export const openShell = async (shell: Shell, folder: string, environment: Record<string, string>) => {
  const terminal = spawn('script', ['--quiet', '--flush', '--command', SHELLS[shell], '/dev/null'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    // Where the terminal has no UTF-8, npm would show it is busy with characters that commands print too.
    env: { ...process.env, TERM: 'xterm-256color', npm_config_progress: 'false', ...environment },
  })
  const closed = new Promise<void>((resolve) => terminal.once('close', () => resolve()))
  const seen = { text: '', pastes: 0 }
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.text += text
  })
  const printed = () => stripVTControlCharacters(seen.text.replaceAll(WIPED, '')).replaceAll('\r', '')

  /** Pastes commands, waits for their end, and returns what the terminal showed from the paste on. */
  const paste = async (commands: string, withinMs = 60_000): Promise<string> => {
    await eventually(
      () => seen.text.split(AWAITS_PASTE).length - 1,
      (prompts) => prompts > seen.pastes,
    )
    seen.pastes += 1
    const from = printed().length
    // Split in two, so that the echo of the command is not taken for its output.
    const [word, end] = [`paste-${seen.pastes}`, `end-of-paste-${seen.pastes}`]
    terminal.stdin.write(`${PASTE_BEGINS}${commands}\nprintf 'end-of-%s\\n' ${word}${PASTE_ENDS}${RETURN}`)
    const text = await eventually(
      () => printed().slice(from),
      (shown) => shown.includes(end),
      { withinMs },
    )
    return text.slice(0, text.indexOf(end))
  }

  const session = {
    paste,
    /** Waits until the terminal has shown these words so many times. */
    shows: (words: string, times: number, withinMs = 120_000) =>
      eventually(printed, (text) => text.split(words).length - 1 >= times, { withinMs }),
    printed,
    /** The terminal goes away, and with it all that runs in it. */
    close: async () => {
      terminal.kill('SIGKILL')
      await closed
    },
  }
  await session.paste(`stty cols ${COLUMNS}`)
  return session
}
