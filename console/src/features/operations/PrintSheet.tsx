// What is printed instead of the page: the pictures, each with the names of its devices.
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";

interface Properties { title: string; weak: boolean; pictures: { key: number; names: string[]; address: string }[] }

export function PrintSheet({ title, weak, pictures }: Properties) {
  const { t } = useTranslation();
  return createPortal(
    <div className="print-sheet" aria-hidden="true">
      <h1>{title}</h1>
      <p>{t(weak ? "device_qr.print_weak" : "device_qr.print_sealed")}</p>
      {pictures.map(({ key, names, address }) => (
        <section key={key}>
          <img src={address} alt="" />
          <ul>{names.map((name, index) => <li key={index}>{name}</li>)}</ul>
        </section>
      ))}
    </div>,
    document.body,
  );
}
