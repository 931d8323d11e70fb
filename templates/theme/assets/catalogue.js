export const words = {};
export const plural = (n) => n != 1;
