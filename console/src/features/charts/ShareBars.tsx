// Bars of time, one a slice, each of what was up, down, unknown and not counted; a table says the same.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../texts/times";
import { availability, PARTS, stack, type Slice } from "./shares";
import "./charts.css";

const STEP = 10;

interface Properties {
  /** What the bars show, in words. */
  title: string;
  /** What the first column of the table is called. */
  head: string;
  slices: Slice[];
  name: (slice: Slice) => string;
}

export function ShareBars({ title, head, slices, name }: Properties) {
  const { t, i18n } = useTranslation();
  const stripes = useId();
  const percent = (of: Slice[]) => {
    const value = availability(of);
    return value === null ? "–" : t("chart.percent", { value: value.toLocaleString(i18n.language, { maximumFractionDigits: 3 }) });
  };
  const shown = PARTS.filter((part) => slices.some((slice) => slice[part] > 0));
  const nameAt = (place: number) => {
    const slice = slices[place];
    return slice ? name(slice) : "";
  };
  const say = (slice: Slice) =>
    `${name(slice)}: ${PARTS.filter((part) => slice[part] > 0).map((part) => `${t(`chart.${part}`)} ${formatSpan(slice[part], t)}`).join(", ")}`;
  return (
    <figure className="chart">
      <svg
        className="chart-bars" viewBox={`0 0 ${Math.max(slices.length, 1) * STEP} 100`} preserveAspectRatio="none"
        role="img" aria-label={`${title}: ${percent(slices)}`}
      >
        <defs>
          <pattern id={stripes} width="4" height="8" patternUnits="userSpaceOnUse">
            <rect width="4" height="8" className="share-unknown" /><rect width="4" height="2" className="share-stripe" />
          </pattern>
        </defs>
        {slices.map((slice, place) => (
          <g key={slice.key}>
            <title>{say(slice)}</title>
            {stack(slice).map(({ part, top, height }) => (
              <rect
                key={part} x={place * STEP + 1} y={top} width={STEP - 2} height={height}
                {...(part === "unknown" ? { fill: `url(#${stripes})` } : { className: `share-${part}` })}
              />
            ))}
          </g>
        ))}
      </svg>
      {slices.length > 1 ? (
        <div className="chart-ends" aria-hidden="true"><span>{nameAt(0)}</span><span>{nameAt(slices.length - 1)}</span></div>
      ) : null}
      <figcaption className="chart-legend">
        {shown.map((part) => (
          <span key={part}><span className={`chart-key key-${part}`} aria-hidden="true" />{t(`chart.${part}`)}</span>
        ))}
      </figcaption>
      <details className="chart-details">
        <summary>{t("chart.table")}</summary>
        <div className="chart-table" role="region" aria-label={title} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{head}</th><th scope="col" className="number">{t("report.availability")}</th>
                {shown.map((part) => <th key={part} scope="col" className="number">{t(`chart.${part}`)}</th>)}
              </tr>
            </thead>
            <tbody>
              {slices.map((slice) => (
                <tr key={slice.key}>
                  <th scope="row">{name(slice)}</th><td className="number">{percent([slice])}</td>
                  {shown.map((part) => <td key={part} className="number">{slice[part] > 0 ? formatSpan(slice[part], t) : "–"}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
