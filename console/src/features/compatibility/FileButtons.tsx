// Takes the rules from a file, and gives them as one.
import { Button, FileButton, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CompatibilityRule } from "../../api/types";
import { fromFile, toFile } from "./rules";

interface Properties { rules: CompatibilityRule[]; onRead: (rules: CompatibilityRule[]) => void }

export function FileButtons({ rules, onRead }: Properties) {
  const { t } = useTranslation();
  const [bad, setBad] = useState(false);
  const reset = useRef<() => void>(null);
  const read = async (file: File | null) => {
    if (!file) return;
    const found = fromFile(await file.text());
    setBad(found === null);
    if (found) onRead(found);
    reset.current?.();
  };
  const save = () => {
    const address = URL.createObjectURL(new Blob([toFile(rules, new Date().toISOString().slice(0, 10))], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "compatibility.json";
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <FileButton accept="application/json,.json" resetRef={reset} onChange={(file) => void read(file)}>
        {(properties) => <Button variant="default" {...properties}>{t("compatibility.load")}</Button>}
      </FileButton>
      <Button variant="default" onClick={save}>{t("compatibility.save_file")}</Button>
      <Text role="alert" size="sm">{bad ? t("compatibility.file_bad") : ""}</Text>
    </>
  );
}
