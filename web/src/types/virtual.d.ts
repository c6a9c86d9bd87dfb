declare module "virtual:coast" {
  const url: string;
  export default url;
}
