//! QR texts and pictures: label, vendor export.
