// docker/setup-buildx-action: does nothing, because no image is built.
export {};
