// A new password on the device itself: a random one that nobody has to know, or one of the person's choice.
import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { changeDevicePassword } from "../../api/calls";
import type { Device } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { allMet, devicePasswordRules, randomPassword } from "../additions/rules";

export function PasswordDialog({ device, opened, onClose }: { device: Device; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [way, setWay] = useState<"random" | "own">("random");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const rules = devicePasswordRules(password);
  const changing = useMutation({
    mutationFn: () => changeDevicePassword(device.id, way === "own" ? password : undefined),
    onSuccess: (saved) => {
      client.setQueryData(["device", device.id], saved);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (way === "random" || allMet(rules)) changing.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("operation.password")} size={480}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text>{t("password_change.text")}</Text>
          <SegmentedControl
            fullWidth size="md" aria-label={t("password_change.way")} value={way} onChange={(value) => setWay(value === "own" ? "own" : "random")}
            data={["random", "own"].map((value) => ({ value, label: t(`password_change.way_${value}`) }))}
          />
          {way === "random" ? <Text size="sm" c="dimmed">{t("password_change.random_hint")}</Text> : (
            <NewSecret
              label={t("addition.new_password")} value={password} maxLength={16} error={tried && !allMet(rules)} shown={shown} onShown={setShown}
              rules={rules.map(({ rule, met }) => ({ text: t(`device_rule.${rule}`), met }))}
              onChange={setPassword} onRandom={() => setPassword(randomPassword())}
            />
          )}
          <ErrorNote error={changing.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={changing.isPending}>{t("password_change.do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
