/** Small pictures of large ones with sharp: `thumbnails.ts [folder]` writes them to `folder/thumbnails`. Without a folder it makes one. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { map, range } from 'allcores';
import sharp from 'sharp';

const WIDTH = 160;

/** Photos of 1200 by 800 pixels, a gradient each. */
async function madePhotos(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'allcores-photos-'));
  await map(range(12), async (i) => {
    const colours = `<stop stop-color="hsl(${i * 30} 90% 60%)"/><stop offset="1" stop-color="hsl(${i * 30 + 120} 90% 30%)"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><linearGradient id="g">${colours}</linearGradient><rect width="100%" height="100%" fill="url(#g)"/></svg>`;
    await sharp(Buffer.from(svg))
      .jpeg({ quality: 95 })
      .toFile(join(folder, `photo-${i}.jpg`));
  });
  return folder;
}

const given = process.argv[2];
const folder = given ?? (await madePhotos());
// One core for each picture: there is a worker for each core already. The setting belongs to the process, so it holds in workers too.
sharp.concurrency(1);

async function thumbnail(photo: string): Promise<{ width: number; height: number; bytes: number }> {
  const { width, height, size } = await sharp(join(folder, photo))
    .resize({ width: WIDTH })
    .jpeg({ quality: 80 })
    .toFile(join(folder, 'thumbnails', photo));
  return { width, height, bytes: size };
}

const photos = (await readdir(folder)).filter((file) => /\.jpe?g$/i.test(file));
await mkdir(join(folder, 'thumbnails'), { recursive: true });
const thumbnails = await map(photos, thumbnail, { progress: { label: 'thumbnails' } });

let bytesBefore = 0;
for (const photo of photos) bytesBefore += (await stat(join(folder, photo))).size;
const bytes = thumbnails.reduce((sum, { bytes }) => sum + bytes, 0);
const sizes = new Set(thumbnails.map(({ width, height }) => `${width} x ${height}`));
console.log(
  `${thumbnails.length} thumbnails of ${[...sizes].join(' and ')} pixels, ${bytes < bytesBefore / 10 ? 'less' : 'more'} than a tenth of the bytes`,
);

if (given === undefined) await rm(folder, { recursive: true });
// -> 12 thumbnails of 160 x 107 pixels, less than a tenth of the bytes
