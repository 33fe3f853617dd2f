/** The page in a real browser, opened from a file: charts and tables have the run's numbers, and nothing is asked of the network. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisonPage } from '../../dist/index.js';
import { spread } from '../../page/labels.ts';
import { count, duration } from '../../src/compare/figures.ts';
import { sample } from './sample.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const squares = sample({
  title: 'x ** 2',
  sizes: [10, 1000, 100_000, 10_000_000],
  times: {
    loop: [[0.0011, 0.001, 0.002], [0.01, 0.0104, 0.02], [2.7, 2.71, 3], 300],
    'Pool.map': [[0.4, 0.5, 0.7], [0.5, 0.6, 0.63], [3, 3.1, 4], 160],
    'new Pool': [[230, 231, 250], 229, [325, 320, 330], 500],
  },
});
const slow = sample({ title: 'slow', unit: 'items', sizes: [1, 2, 3], times: { loop: [200, 400, 600], 'Pool.map': [201, 203, 205] } });
const EVIL = `</script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;
const evil = sample({ title: EVIL, unit: EVIL, sizes: [1, 10], times: { loop: [1, 2], [EVIL.slice(0, 40)]: [3, 4] } });

let folder = '';
let browser: Browser | undefined;
const troubles: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'allcores-page-'));
  if (executablePath) browser = await chromium.launch({ executablePath, args: ARGS.split(' ') });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Comparisons = Parameters<typeof comparisonPage>[0];
async function open(comparisons: Comparisons, use: (page: Page) => Promise<void>, options: object = {}, title?: string): Promise<void> {
  const file = join(folder, `page-${Math.abs(comparisons.length)}-${comparisons[0]!.title.length}.html`);
  writeFileSync(file, await comparisonPage(comparisons, title === undefined ? {} : { title }));
  const page = await browser!.newPage({ viewport: { width: 1280, height: 1000 }, ...options });
  troubles.length = 0;
  page.on('pageerror', (error) => troubles.push(`error ${error.message}`));
  page.on('console', (message) => troubles.push(`console ${message.text()}`));
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const stopped = new Set<string>();
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'csp') stopped.add(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('figure svg');
  await use(page);
  // A saved chart comes out of the page itself, and what the page's own policy has stopped was never asked.
  const asked = requests.filter((url) => !url.startsWith('blob:') && !stopped.has(url));
  expect(asked).toEqual([pathToFileURL(file).href]);
  await page.close();
}

/** Moves the pointer to the mark of a method at a size, and reads the tip. */
async function tipAt(page: Page, chart: string, methodIndex: number, sizeIndex: number): Promise<string[]> {
  const dots = page.locator(`figure[data-chart="${chart}"] svg g[aria-label="line"] + g[aria-label="dot"]`);
  const mark = dots.nth(methodIndex).locator('> *').nth(sizeIndex);
  const box = (await mark.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const lines = await page.locator(`figure[data-chart="${chart}"] svg g[aria-label="tip"] tspan`).allTextContents();
  // Empty lines are kept open by a space without width.
  return lines.map((line) => line.replaceAll('\u200b', ''));
}

if (!executablePath && process.env.CI) {
  test('there is a browser to test the page with', () => expect.fail('no Chromium was found: apt-get install chromium'));
}

describe.skipIf(!executablePath)(
  `the page in a browser${executablePath ? '' : ' (skipped: no Chromium, apt-get install chromium)'}`,
  () => {
    test('shows the numbers of the run in its tables', () =>
      open([squares], async (page) => {
        const lines = await page
          .locator('tbody tr')
          .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
        const cell = (size: number, method: string) => {
          const { medianMs, minMs, maxMs, runsMs } = squares.rows.find((row) => row.size === size && row.method === method)!;
          return duration(medianMs) + (runsMs.length === 1 ? '1 run' : `${duration(minMs)} – ${duration(maxMs)}`);
        };
        expect(lines.map((line) => line.slice(0, -1))).toEqual(
          [10, 1000, 100_000, 10_000_000].map((size) => [count(size), ...squares.methods.map((method) => cell(size, method))]),
        );
        expect(lines.map((line) => line.at(-1))).toEqual(['loop 455x', 'loop 57.7x', 'loop 1.14x', 'Pool.map 1.88x']);
        expect(await page.locator('.verdict').textContent()).toBe(squares.verdict);
        expect(troubles).toEqual([]);
      }));

    test('shows size, method, median, spread, runs and speed-up of the mark under the pointer', () =>
      open([squares], async (page) => {
        expect(await tipAt(page, 'time', 1, 2)).toEqual([
          'Pool.map, 100,000 numbers',
          'median 3.10 ms',
          '3.00 ms to 4.00 ms in 3 runs',
          'the loop is 1.14x as fast',
        ]);
        expect(await tipAt(page, 'time', 1, 3)).toEqual([
          'Pool.map, 10,000,000 numbers',
          'median 160 ms',
          '1 run',
          '1.88x as fast as the loop',
        ]);
        expect(await tipAt(page, 'speed-up', 0, 0)).toEqual([
          'Pool.map, 10 numbers',
          'median 500 µs',
          '400 µs to 700 µs in 3 runs',
          'the loop is 455x as fast',
        ]);
        expect(troubles).toEqual([]);
      }));

    test('has logarithmic axes where the numbers are wide apart, linear ones where not, and changes them on request', () =>
      open([squares, slow], async (page) => {
        const ticks = (section: number) =>
          page.locator(`[data-comparison="${section}"] figure[data-chart="time"] g[aria-label="x-axis tick label"] text`).allTextContents();
        expect(await ticks(0)).toEqual(['10', '100', '1k', '10k', '100k', '1M', '10M']);
        expect(await ticks(1)).toEqual(['0', '1', '2', '3']);
        await page.locator('[data-comparison="0"] fieldset').nth(0).getByText('linear').click();
        expect(await ticks(0)).toEqual(expect.arrayContaining(['0', '2M', '10M']));
        await page.locator('[data-comparison="0"] fieldset').nth(1).getByText('linear').click();
        const y = await page
          .locator('[data-comparison="0"] figure[data-chart="time"] g[aria-label="y-axis tick label"] text')
          .allTextContents();
        expect(y).toEqual(expect.arrayContaining(['0', '100 ms', '500 ms']));
        expect(troubles).toEqual([]);
      }));

    test('marks the break-even, names each line at its end, and draws a band and marks for each method', () =>
      open([squares], async (page) => {
        const texts = await page.locator('figure[data-chart="time"] svg text').allTextContents();
        expect(texts).toContain('worth it from 10,000,000');
        for (const method of squares.methods) expect(texts).toContain(method);
        expect(await page.locator('figure[data-chart="time"] svg g[aria-label="area"]').count()).toBe(3);
        expect(await page.locator('figure[data-chart="time"] svg g[aria-label="line"]').count()).toBe(3);
      }));

    test('redraws for narrow windows and never scrolls sideways', () =>
      open(
        [squares, slow],
        async (page) => {
          const wider = () => page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
          expect(await wider()).toBeLessThanOrEqual(0);
          await page.setViewportSize({ width: 1100, height: 800 });
          await expect
            .poll(() =>
              page
                .locator('figure svg')
                .first()
                .evaluate((svg) => svg.getBoundingClientRect().width),
            )
            .toBeGreaterThan(500);
          expect(await wider()).toBeLessThanOrEqual(0);
        },
        { viewport: { width: 420, height: 800 } },
      ));

    test('is dark where the reader wants it dark, and light on paper', () =>
      open(
        [slow],
        async (page) => {
          const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
          expect(await ground()).toBe('rgb(13, 17, 23)');
          await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
          expect(await ground()).toBe('rgb(255, 255, 255)');
          expect(await page.locator('.controls').isVisible()).toBe(false);
        },
        { colorScheme: 'dark' },
      ));

    test('saves a chart as a file of its own', () =>
      open([squares], async (page) => {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save SVG').first().click()]);
        expect(download.suggestedFilename()).toBe('x-2-time.svg');
        const svg = readFileSync(await download.path(), 'utf8');
        expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
        expect(svg).not.toMatch(/var\(|aria-label="tip"|<script/);
        expect(svg).toMatch('prefers-color-scheme:dark');
        expect(troubles).toEqual([]);
      }));

    test('shows hostile names as text and runs nothing of them', () =>
      open([evil, squares], async (page) => {
        await page.waitForTimeout(100);
        expect(await page.title()).toBe('Comparisons');
        expect(await page.locator('h2').first().textContent()).toBe(EVIL);
        expect(await page.locator('img').count()).toBe(0);
        expect(await page.locator('script').count()).toBe(2);
        expect(await page.locator('thead').first().textContent()).toContain(EVIL);
        expect(troubles).toEqual([]);
      }));

    test('lets no script but its own run, and asks nothing of the network even when told to', () =>
      open([slow], async (page) => {
        await page.evaluate(`
        const image = document.createElement('img');
        image.src = 'https://example.com/x.png';
        image.setAttribute('onerror', "document.title = 'owned'");
        document.body.append(image);
        const script = document.createElement('script');
        script.textContent = "document.title = 'owned'";
        document.body.append(script);`);
        await page.waitForTimeout(100);
        expect(await page.title()).toBe('slow');
        expect(troubles.length).toBeGreaterThan(0);
        expect(troubles.filter((trouble) => !/Content Security Policy/.test(trouble))).toEqual([]);
      }));
  },
);

describe('the page as text', () => {
  test('cannot be left by a title, and names nothing outside itself', async () => {
    const html = await comparisonPage([evil], { title: EVIL, intro: EVIL });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toMatch(/<img/);
    expect(html).not.toMatch(/(?:src|href)="/);
    expect(html).toMatch(/http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
  });

  test('comes from JSON as from a comparison', async () => {
    expect(await comparisonPage([JSON.parse(JSON.stringify(squares))])).toBe(await comparisonPage([squares]));
  });
});

describe('a chart without a browser', () => {
  test('is an SVG file that scripts/chart.mjs makes of a comparison', () => {
    const [json, svg] = [join(folder, 'c.json'), join(folder, 'c.svg')];
    writeFileSync(json, JSON.stringify({ ...squares.toJSON(), title: 'a < b & c' }));
    execFileSync(process.execPath, ['scripts/chart.mjs', json, svg], { cwd: root });
    const text = readFileSync(svg, 'utf8');
    expect(text).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(text).toMatch('a &lt; b &amp; c');
    for (const label of ['10k', '100 ms', 'worth it from 10,000,000', 'Pool.map', 'numbers →']) expect(text).toContain(label);
    expect(text).not.toMatch(/var\(|NaN|undefined|<script/);
  });
});

describe('names at the ends of lines', () => {
  test('stay where they are when there is room, and are moved apart as little as possible where not', () => {
    expect(spread([10, 100], 16, 0, 200)).toEqual([10, 100]);
    expect(spread([100, 100], 16, 0, 200)).toEqual([92, 108]);
    expect(spread([104, 96], 16, 0, 200)).toEqual([108, 92]);
    expect(spread([198, 199, 200], 16, 0, 200)).toEqual([168, 184, 200]);
    expect(spread([0, 0, 20], 16, 0, 200)).toEqual([0, 16, 32]);
  });
});
