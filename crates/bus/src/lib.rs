//! What the extension's parts say to each other: one enum per direction. Pure.
