// From which number of images on reports say what failed, and fold the rest.

/** Each of these images is reported in full. */
const FEW = 5;

export function areMany(images: readonly unknown[]): boolean {
  return images.length > FEW;
}

/** `2 rejected, 1 inconclusive`: how many have each name, in the order of `names`; none without any. */
export function countEach<Name extends string>(
  found: readonly Name[],
  names: readonly Name[],
): readonly string[] {
  return names.flatMap((name) => {
    const count = found.filter((each) => each === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
}
