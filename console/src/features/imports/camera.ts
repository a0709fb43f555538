// The phone's camera: opened with the rear lens, watched frame by frame, closed for sure.
import { prepareDecoder, readFrame } from "./decoder";

/** Why there is no camera picture. */
export type CameraTrouble = "camera_denied" | "camera_missing" | "camera_insecure" | "camera_failed";

const LOOK_EVERY = 150;

export interface Torch { set: (on: boolean) => Promise<void> }

/** Opens the camera, or says why it cannot be opened. */
export async function openCamera(): Promise<MediaStream | CameraTrouble> {
  if (!navigator.mediaDevices?.getUserMedia) return window.isSecureContext ? "camera_missing" : "camera_insecure";
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") return "camera_denied";
    return name === "NotFoundError" || name === "OverconstrainedError" ? "camera_missing" : "camera_failed";
  }
}

/** Ends a camera picture; its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The camera's torch, where it has one. */
export function torchOf(stream: MediaStream): Torch | null {
  const track = stream.getVideoTracks()[0];
  const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !able?.torch) return null;
  return { set: (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }) };
}

/** Looks for codes in what the video shows until `signal` aborts; `found` gets each text that is seen. */
export async function watch(video: HTMLVideoElement, signal: AbortSignal, found: (text: string) => void): Promise<void> {
  await prepareDecoder();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (context && !signal.aborted) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const texts = await readFrame(context.getImageData(0, 0, canvas.width, canvas.height));
      if (signal.aborted) return;
      texts.forEach(found);
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY));
  }
}
