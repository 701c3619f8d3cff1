/** Made by `zstd -19` 1.5: Node has zstd only since 22.15. */
export const ZSTD = {
  text: '{"id":1,"type":"snapshot","status":"available","description":"z","labels":{}}\n',
  one: Buffer.from('KLUv/SRODQIA4kQPEaDtcP8vhXc7/vl/YUy4vzUwYE6p52TGpofH69VCzVAjbMrDTRqb0L69nl1v88N7HWar+HrDYD8IfUGXAQACd8n7', 'base64'),
}
