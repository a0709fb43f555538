// The mark and the word.
import { Group, Text } from "@mantine/core";

export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M16 2 4 6.500v8.800C4 22.600 9 28 16 30.400 23 28 28 22.600 28 15.300V6.500z" fill="#0f766e" />
      <path
        d="M21 11.200c-1-1.300-2.700-2-4.900-2-2.900 0-5 1.400-5 3.700 0 5 7.800 2.500 7.800 5.200 0 1-1.100 1.700-2.900 1.700-1.900 0-3.400-.800-4.300-2.100"
        transform="translate(0 1.200)"
        fill="none"
        stroke="#fff"
        strokeWidth="2.600"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Logo({ size = 30 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <Mark size={size} />
      <Text component="span" className="wordmark" fz={size * 0.66}>
        Siteward
      </Text>
    </Group>
  );
}
