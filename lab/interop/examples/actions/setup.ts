// docker/setup-buildx-action: nothing has to be there for an image that is not built.
export {};
