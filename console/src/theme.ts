// The look: one restrained green, quiet greys, contrasts of WCAG AA in light and dark.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#ecf8f5", "#d5efe9", "#a9ded3", "#78ccbb", "#4db8a5", "#2a9f8c", "#178576", "#0f6d62", "#0c5850", "#08423c",
];
const dark: MantineColorsTuple = [
  "#d7dfe7", "#b3bfcb", "#98a6b4", "#5b6976", "#2b3742", "#222c36", "#18212a", "#10171e", "#0c1217", "#080c10",
];
const gray: MantineColorsTuple = [
  "#f6f8fa", "#eef1f4", "#e2e7ec", "#d3dae1", "#b4bec8", "#8895a2", "#6b7885", "#4d5966", "#313c47", "#17202a",
];

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 7 },
  colors: { brand, dark, gray },
  black: "#17202a",
  defaultRadius: "md",
  fontFamily: "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    // 42 pixels and 16-pixel text: easy to hit, and phones do not zoom into a field.
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    NumberInput: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md" } },
    Select: { defaultProps: { size: "md" } },
    NativeSelect: { defaultProps: { size: "md" } },
    Button: { defaultProps: { size: "md" } },
    // Without the placeholder the first entry is focused, and a menu holds nothing but entries.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, withinPortal: false } },
    Modal: {
      defaultProps: {
        // Stands at the top: a head in the middle jumps away under the finger when a dialog's content grows or shrinks.
        yOffset: "8dvh", radius: "lg", overlayProps: { backgroundOpacity: 0.5 },
        // A dialog's head is no second banner of the page.
        attributes: { header: { role: "presentation" } },
      },
    },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f6f8fa",
    "--mantine-color-dimmed": "#566370",
    "--mantine-color-placeholder": "#66727f",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": brand[7],
    "--surface": "#ffffff",
    "--line": "#e2e7ec",
    "--brand-text": brand[7],
  },
  dark: {
    "--mantine-color-dimmed": "#9dabb9",
    "--mantine-color-placeholder": "#8b99a7",
    "--mantine-color-error": "#ff9c92",
    "--mantine-color-anchor": brand[3],
    "--mantine-primary-color-light": "rgb(42 159 140 / 18%)",
    "--mantine-primary-color-light-color": brand[2],
    "--surface": "#151d25",
    "--line": "#27323d",
    "--brand-text": brand[3],
  },
});
