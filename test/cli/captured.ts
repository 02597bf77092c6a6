import { vi } from 'vitest'
import { main } from '../../src/cli/program.ts'

/** Runs a command line in this process: its exit code, and what it wrote. */
export async function captured(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    out += String(piece)
    return true
  })
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    err += String(piece)
    return true
  })
  try {
    return { code: await main(args), out, err }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}
