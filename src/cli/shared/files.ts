/** Files and folders: the only place that reads and writes them. */
import { randomBytes } from 'node:crypto'
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { RawFolder } from '../../snapshot/import.ts'
import { UserError } from '../../user-error.ts'
import { reasonOf } from './reason.ts'

const gunzip = promisify(zlib.gunzip)
const gzip = promisify(zlib.gzip)

type Codec = (bytes: Buffer) => Promise<Buffer>

/** zstd is in Node's zlib from 22.15 on. */
function zstd(which: 'zstdCompress' | 'zstdDecompress', file: string): Codec {
  const method = (zlib as unknown as Record<string, unknown>)[which]
  if (typeof method !== 'function') {
    throw new UserError(`${file} needs zstd, which Node ${process.versions.node} does not have`, {
      file,
      next: 'Use Node 22.15 or newer, or a file that ends in .gz.',
    })
  }
  return promisify(method as (bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void)
}

/** @returns a file's bytes, decompressed by its name or its first bytes; `-` is standard input */
export async function readBytes(file: string, what = 'file'): Promise<Buffer> {
  const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((error: unknown) => {
    throw new UserError(`${what} ${file} can't be read: ${reasonOf(error)}`, { file })
  })
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  const zst = bytes.readUInt32LE && bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528
  if (!packed && !zst) return bytes
  const unpack = packed ? gunzip : zstd('zstdDecompress', file)
  return unpack(bytes).catch(() => {
    throw new UserError(`${what} ${file} is cut or broken: it can't be decompressed`, {
      file,
      next: 'Get it again.',
    })
  })
}

export const readText = async (file: string, what?: string): Promise<string> =>
  (await readBytes(file, what)).toString('utf8')

const unwritable = (file: string, error: unknown): UserError =>
  new UserError(`${file} can't be written: ${reasonOf(error)}`, { file })

/** Before hours of work: whether a file can be written at its end. */
export async function checkWritable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  try {
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    if (found && !found.isFile()) await access(file, constants.W_OK)
    else await access(dirname(file), constants.W_OK | constants.X_OK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(file, error)
    throw new UserError(`${file} can't be written: its folder does not exist`, { file })
  }
}

/**
 * Writes a file whole or not at all, for its owner's eyes only: to a temporary name, then renamed. A link goes on
 * leading where it led, and what is no file (a pipe, `/dev/stdout`) is written to as it is.
 */
export async function writeWhole(file: string, pieces: Iterable<string>, mode = 0o600): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  try {
    if (found && !found.isFile()) return await writeTo(file, file, 'w', pieces)
    const target = found ? await realpath(file) : file
    const temporary = join(dirname(target), `.${randomBytes(6).toString('hex')}.tmp`)
    try {
      await writeTo(temporary, file, 'wx', pieces, mode)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw error instanceof UserError ? error : unwritable(file, error)
  }
}

async function writeTo(
  path: string,
  file: string,
  how: 'w' | 'wx',
  pieces: Iterable<string>,
  mode?: number,
): Promise<void> {
  const handle = await open(path, how, mode)
  try {
    await writePieces(handle, file, pieces)
    if (how === 'wx') await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writePieces(
  handle: Awaited<ReturnType<typeof open>>,
  file: string,
  pieces: Iterable<string>,
): Promise<void> {
  if (file.endsWith('.gz')) return handle.writeFile(await gzip(Buffer.from([...pieces].join(''))))
  if (file.endsWith('.zst'))
    return handle.writeFile(await zstd('zstdCompress', file)(Buffer.from([...pieces].join(''))))
  let held = ''
  for (const piece of pieces) {
    held += piece
    if (held.length < 1 << 20) continue
    await handle.writeFile(held)
    held = ''
  }
  await handle.writeFile(held)
}

/** A folder of raw answers on disk. */
export async function openFolder(folder: string): Promise<RawFolder> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new UserError(`folder ${folder} can't be read: ${reasonOf(error)}`, { file: folder })
  })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort()
  return { name: folder, files, read: (path) => readFile(join(folder, path), 'utf8') }
}

/** Writes one raw answer below a folder. */
export async function writeBelow(folder: string, path: string, value: unknown): Promise<void> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
}

/** Texts of a folder's files by their ending, with paths below the folder's parent for errors; or of the one file. */
export async function readTexts(folder: string, ending: string): Promise<{ file: string; text: string }[]> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isFile()) return [{ file: folder, text: await readText(folder) }]
  const { files, read } = await openFolder(folder)
  const wanted = files.filter((file) => file.endsWith(ending))
  return Promise.all(wanted.map(async (file) => ({ file: join(folder, file), text: await read(file) })))
}
