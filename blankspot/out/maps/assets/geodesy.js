// Lengths and areas on the WGS 84 ellipsoid.

const AXIS_M = 6378137;
const FLATTENING = 1 / 298.257223563;
const RADIANS = Math.PI / 180;

/** Length of the geodesic between two positions, metres: Vincenty's inverse (1975), exact to a millimetre. */
function geodesicLength(a, b) {
  const axisB = AXIS_M * (1 - FLATTENING);
  const [u1, u2] = [a, b].map(({ lat }) => Math.atan((1 - FLATTENING) * Math.tan(lat * RADIANS)));
  const turn = (((b.lng - a.lng + 540) % 360) + 360) % 360 - 180;
  const l = turn * RADIANS;
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = l;
  for (let round = 0; round < 200; round++) {
    const sinL = Math.sin(lambda), cosL = Math.cos(lambda);
    const sinS = Math.hypot(c2 * sinL, c1 * s2 - s1 * c2 * cosL);
    if (sinS === 0) return 0;
    const cosS = s1 * s2 + c1 * c2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (c1 * c2 * sinL) / sinS;
    const cos2A = 1 - sinA ** 2;
    const middle = cos2A ? cosS - (2 * s1 * s2) / cos2A : 0;
    const c = (FLATTENING / 16) * cos2A * (4 + FLATTENING * (4 - 3 * cos2A));
    const before = lambda;
    lambda = l + (1 - c) * FLATTENING * sinA * (sigma + c * sinS * (middle + c * cosS * (2 * middle ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-12) continue;
    const u = (cos2A * (AXIS_M ** 2 - axisB ** 2)) / axisB ** 2;
    const big = 1 + (u / 16384) * (4096 + u * (u * (320 - 175 * u) - 768));
    const small = (u / 1024) * (256 + u * (u * (74 - 47 * u) - 128));
    const rest = small * sinS * (middle + (small / 4) * (cosS * (2 * middle ** 2 - 1) - (small / 6) * middle * (4 * sinS ** 2 - 3) * (4 * middle ** 2 - 3)));
    return axisB * big * (sigma - rest);
  }
  return Math.PI * axisB; // the other side of the globe, where the formula does not settle
}

/** Length of a line of positions, metres. */
const lineLength = (points) => points.slice(1).reduce((sum, point, i) => sum + geodesicLength(points[i], point), 0);

/** Area of a polygon, square metres: on the sphere that has the ellipsoid's area, whose latitudes keep areas (Snyder 1987). */
function polygonArea(points) {
  const e = Math.sqrt(FLATTENING * (2 - FLATTENING));
  const q = (sine) => (1 - e ** 2) * (sine / (1 - (e * sine) ** 2) - Math.log((1 - e * sine) / (1 + e * sine)) / (2 * e));
  const pole = q(1);
  const tan = points.map(({ lat }) => Math.tan(Math.asin(q(Math.sin(lat * RADIANS)) / pole) / 2));
  let excess = 0;
  points.forEach((point, i) => {
    const k = (i + 1) % points.length;
    const turn = ((((points[k].lng - point.lng + 540) % 360) + 360) % 360 - 180) * RADIANS;
    excess += 2 * Math.atan2(Math.tan(turn / 2) * (tan[i] + tan[k]), 1 + tan[i] * tan[k]);
  });
  return Math.abs(excess) * AXIS_M ** 2 * (pole / 2);
}
