/** What apps for second factors read, as an address or from a QR code (Key Uri Format of Google Authenticator). */
export const keyAddress = (name: string, secret: string): string =>
  `otpauth://totp/Seiryu:${encodeURIComponent(name)}?secret=${encodeURIComponent(secret)}&issuer=Seiryu`;
