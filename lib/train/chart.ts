/** Line charts as PNG files, over chart.js and @napi-rs/canvas. Both are optional packages, loaded at first use. */
import { writeAtomically } from 'isotorch/serialization';

/** One curve. */
export interface Series {
  label: string;
  points: { x: number; y: number }[];
  /** CSS colour; by default the palette's next one. */
  color?: string;
}

/** What to draw. */
export interface LineChart {
  title: string;
  x: string;
  y: string;
  series: Series[];
}

const palette = ['#1f77b4', '#d62728', '#2ca02c', '#ff7f0e', '#9467bd', '#8c564b'];

/** The charting packages are not installed. */
export class ChartUnavailable extends Error {
  override name = 'ChartUnavailable';
}

async function loadPackages() {
  try {
    const [{ Chart, registerables }, { createCanvas }] = await Promise.all([
      import('chart.js'),
      import('@napi-rs/canvas'),
    ]);
    Chart.register(...registerables);
    return { Chart, createCanvas };
  } catch (cause) {
    throw new ChartUnavailable(
      'no loss curves: the optional packages chart.js and @napi-rs/canvas cannot be loaded ' +
        '("npm install chart.js @napi-rs/canvas" brings them)',
      { cause },
    );
  }
}

/**
 * Draws the chart and writes it to `path`.
 *
 * @throws ChartUnavailable when the packages are missing.
 */
export async function saveLineChart(path: string, chart: LineChart): Promise<void> {
  const { Chart, createCanvas } = await loadPackages();
  const canvas = createCanvas(960, 540);
  // chart.js asks for the browser's canvas; it only draws on its 2d context, which this one has too.
  const context = canvas.getContext('2d') as unknown as ConstructorParameters<typeof Chart>[0];
  const drawn = new Chart(context, {
    type: 'line',
    data: {
      datasets: chart.series.map((series, index) => {
        const color = series.color ?? palette[index % palette.length]!;
        return {
          label: series.label,
          data: series.points,
          borderColor: color,
          backgroundColor: color,
          borderWidth: 2,
          pointRadius: 0,
        };
      }),
    },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: 1,
      plugins: { title: { display: true, text: chart.title, font: { size: 18 } } },
      scales: {
        x: { type: 'linear', title: { display: true, text: chart.x } },
        y: { type: 'linear', beginAtZero: true, title: { display: true, text: chart.y } },
      },
    },
    plugins: [
      {
        id: 'paper',
        beforeDraw: ({ ctx, width, height }) => {
          ctx.fillStyle = 'white';
          ctx.fillRect(0, 0, width, height);
        },
      },
    ],
  });
  writeAtomically(path, [canvas.toBuffer('image/png')]);
  drawn.destroy();
}
